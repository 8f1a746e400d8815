"""Emoji, smileys and signs that are tokens of their own: what stands in messages most, after Unicode's published
frequencies (https://home.unicode.org/emoji/emoji-frequency)."""

from __future__ import annotations

_PICTURES = """
😂 ❤ 🤣 👍 😭 🙏 😘 🥰 😍 😊 🎉 😁 💕 🥺 😅 🔥 ☺ 🤦 ♥ 🤷 🙄 😆 🤗 😉 🎂 🤔 👏 🙂 😳 🥳 😎 👌 💜 😔 💪 ✨ 💖 👀
😋 😏 😢 👉 💗 😩 💯 🌹 💞 🎈 💙 😃 😡 💐 😜 🙈 🤞 😄 🤤 🙌 🤪 ❣ 😀 💋 💀 👇 💔 😌 💓 🤩 🙃 😬 😱 😴 🤭 😐 🌞 😒
😇 🌸 😈 🎶 ✌ 🎊 🥵 😞 💚 ☀ 🖤 💰 😚 👑 🎁 💥 🙋 ☹ 😑 🥴 👈 💩 ✅ 👋 🤮 😤 🤢 🌟 ❗ 😥 🌈 💛 😝 😫 😲 🖕 ‼ 🔴
🌻 🤯 💃 👊 🤬 🏃 😕 👁 ⚡ ☕ 🍀 💦 ⭐ 🦋 🤨 🌺 😹 🤘 🌷 💝 💤 🤝 🐰 😓 💘 🍻 😟 😣 🧐 😠 🤠 😻 🌙 😛 🤙 🙊 🧡 🤡
🤫 🌼 🥂 😷 🤓 🥶 😶 😖 🎵 🚶 😙 🍆 🤑 💅 😗 🐶 🍓 👅 👄 🌿 🚨 📣 🤟 🍑 🍃 😮 💎 📢 🌱 🙁 🍷 😪 🌚 🏆 🍒 💉 ❓ 🛒
😰 🤧 ⚽ 🍕 🍺 🐱 🎄 📌 📷 ✔ ❌ ➡ ⬅ ⬆ ⬇ 🔝 🆗 🆕 🆘 👎 👐 🤲 ✋ 🖐 🖖 👆 ☝ ✊ 🤛 🤜 🤚 ✍ 🤳 🦾 👂 🧠 👶 👧
👦 👩 👨 👵 👴 👮 👷 💂 🕵 👸 🤴 🧑 👰 🤵 🤰 👼 🎅 🦸 🧚 🧜 👯 👫 👪 👭 👬 💏 💑 🙅 🙆 🙇 💁 🙍 🙎 💆 💇 🏄 🏊 🚴
🏋 🧘 🛌 🐭 🐹 🦊 🐻 🐼 🐨 🐯 🦁 🐮 🐷 🐸 🐵 🙉 🐔 🐧 🐦 🐤 🐣 🦆 🦅 🦉 🐺 🐴 🦄 🐝 🐛 🐌 🐞 🐜 🕷 🐢 🐍 🐙 🦀 🐟
🐬 🐳 🐋 🦈 🐘 🐄 🐎 🐑 🐠 🐕 🐈 🐾 🌵 🌲 🌳 🌴 🍁 🍂 🌍 🌎 🌏 ❄ ⛄ 🌊 💧 ☔ 🍎 🍋 🍌 🍉 🥑 🍔 🍟 🍣 🍩 🍪 🍫 🍿
🍹 🍾 🏀 🏈 🎾 🏅 🥇 🎨 🎬 🎤 🎧 🎸 🎮 🚗 🚀 ✈ 🏠 📱 💻 📺 📸 📞 💡 💵 💸 💳 🔑 🔒 💣 💊 📧 ✉ 📦 📝 📅 📎 📚 💭
💬 ⏰ ⏳ ⚠ 🚫 ⛔ 💢 ☑ 🔵 ⚫ ⚪ 🟢 ▶ 🔔 🏳 🏴 🤍 🤎 🫶 🥲 🫠 🥹 🫡 🤏
"""
_COLOURED = (  # often followed by U+FE0F, which asks for colour
    "❤☺♥✨❣✌☀☹✅❗⚡☕⭐❓⚽✔❌➡⬅⬆⬇✋☝✊✍❄⛄☔✈✉⏰⏳⚠⛔☑⚫⚪▶🕵👁🏳🖐🕷"
)
_SMILEYS = ":) :-) :( :-( ;) ;-) :/ :-/ <3 :'( :| =) ^^ ^_^ -_-"
SIGNS = ["™", "©", "®", "°", "€", "£", "•", "…", "→", "←", "★", "☆", "♪", "♫", "✓"]
# Parts of pictures: the variation selector, the joiner, sexes, skin tones, the letters of flags.
_PARTS = ["\ufe0f", "\u200d", "♂", "♀", *map(chr, range(0x1F3FB, 0x1F400)), *map(chr, range(0x1F1E6, 0x1F200))]
EMOJI = tuple(
    dict.fromkeys([*_PICTURES.split(), *(sign + "\ufe0f" for sign in _COLOURED), *_SMILEYS.split(), *SIGNS, *_PARTS])
)
