// How a text is cut, brought into the form that the model learned from, and put together again.
// As nlp_gru/text/sentences.py, forms.py and marks.py; sentences are found by the browser (Intl.Segmenter).

const MAX_CHARACTERS = 400; // of a part that is translated in one go
const LEAD = /^(?:(?:[-*+•–—>#]+|\d{1,3}[.)]|\(?[a-z]\))\s+|[\s-]+)/;
const ITEMS = /\s*[;\t|]\s*|\s+\/\s+/gu; // what parts the items of a list in a line
const DASH = /\s+[-–—]\s+/gu;
const MOST_WORDS = 4; // of an item between dashes; longer ones are a sentence's own
const BREAKS = [/[.!?…;:]\s+/g, /,\s+/g, /\s+/g]; // where a part that is too long is cut, best first
const STOP = /(?<=[.!?…]["'»”’)]*\s+)(?=\S)/u; // also before a small letter, where the browser sees no end
const ABBREVIATED = /(?:^|[^\p{L}\p{N}_])(?:\p{Lu}|Mr|Mrs|Ms|Dr|St|Prof|Mme|Mlle|No|vs|etc|e\.g|i\.e|p\.ex)\.\s*$/u;

/** The parts of a text, in order: {text, isSentence}. Joined, they are the text. */
export function segment(text, language) {
  const parts = [];
  for (let line of lines(text)) {
    const lead = line.trim() && LEAD.exec(line);
    if (lead && lead[0].length < line.length) {
      parts.push({ text: lead[0], isSentence: false });
      line = line.slice(lead[0].length);
    }
    for (const piece of line.trim() ? sentences(line, language).flatMap(items).flatMap(cut) : [line]) {
      const core = piece.trim();
      if (!/\p{L}/u.test(core)) {
        parts.push({ text: piece, isSentence: false });
        continue;
      }
      const at = piece.indexOf(core);
      parts.push({ text: piece.slice(0, at), isSentence: false }, { text: core, isSentence: true });
      parts.push({ text: piece.slice(at + core.length), isSentence: false });
    }
  }
  return parts.filter((part) => part.text);
}

/** The lines and, between them, the breaks with the blanks around them. */
function lines(text) {
  const found = [];
  let at = 0;
  for (const { 0: blanks, index } of text.matchAll(/\s+/g)) {
    if (!/[\r\n]/.test(blanks)) continue;
    found.push(text.slice(at, index), blanks);
    at = index + blanks.length;
  }
  return [...found, text.slice(at)];
}

function sentences(line, language) {
  const found = [];
  let held = "";
  const segments = [...new Intl.Segmenter(language, { granularity: "sentence" }).segment(line)];
  for (const part of segments.flatMap(({ segment }) => segment.split(STOP))) {
    held += part;
    if (ABBREVIATED.test(held) || !/[\s。！？]$/.test(held)) continue; // nor does "a.b/c?d" end one
    found.push(held);
    held = "";
  }
  return held ? [...found, held] : found;
}

/** The items of a list in a line and, between them, what parts them. */
function items(sentence) {
  const dashed = sentence.split(DASH);
  const short = dashed.length > 2 && dashed.every((item) => (item.match(/\S+/gu) ?? []).length <= MOST_WORDS);
  const found = [];
  let at = 0;
  for (const between of sentence.matchAll(short ? DASH : ITEMS)) {
    found.push(sentence.slice(at, between.index), between[0]);
    at = between.index + between[0].length;
  }
  return [...found, sentence.slice(at)];
}

function cut(sentence) {
  const parts = [];
  while (sentence.length > MAX_CHARACTERS) {
    const head = sentence.slice(0, MAX_CHARACTERS);
    const ends = BREAKS.map((pattern) => [...head.matchAll(pattern)].map((m) => m.index + m[0].length).at(-1) ?? 0);
    let end = ends.find((at) => at > MAX_CHARACTERS / 4) ?? MAX_CHARACTERS;
    if (/[\ud800-\udbff]/.test(sentence[end - 1])) end--; // not within a character
    parts.push(sentence.slice(0, end));
    sentence = sentence.slice(end);
  }
  return [...parts, sentence];
}

/** What to translate for a sentence, each form with `restore`: one, or, where its end is open, one for each mark. */
export function forms(sentence) {
  const shouted = sentence === sentence.toUpperCase() && sentence !== sentence.toLowerCase() && (sentence.match(/\p{L}/gu) ?? []).length > 3;
  const lower = shouted ? sentence[0] + sentence.slice(1).toLowerCase() : sentence;
  const lowered = /^\p{Ll}/u.test(lower);
  const text = lower[0].toUpperCase() + lower.slice(1);
  const open = /[\p{L}\p{N}]$/u.test(text) && text.split(/\s+/).length < 40;
  return (open ? [".", "?", "!"] : [""]).map((added) => ({ text: text + added, restore: (t) => restore(t, added, shouted, lowered) }));
}

function restore(translation, added, shouted, lowered) {
  const text = added ? translation.replace(/[.?! ]+$/, "") : translation;
  if (shouted) return text.toUpperCase();
  return lowered && text.split(" ")[0].split("'")[0] !== "I" ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

const MARKS = "\x01\x02\x03\x04\x05\x06\x07\x08"; // control characters, which stand for what must stay as it is
const W = "[\\p{L}\\p{N}_]";
const EMOJI = "[\\u{1f1e6}-\\u{1f1ff}\\u{1f300}-\\u{1faff}\\u2600-\\u27bf\\u2b50\\u2b55]";
const B = (text) => `(?:(?<!${W})(?=${W})|(?<=${W})(?!${W}))${text}`; // \b, for letters of all kinds
const SUFFIXES =
  "txt|md|py|js|json|ya?ml|toml|csv|tsv|pdf|docx?|xlsx?|html?|css|png|jpe?g|svg|zip|exe|sh|ini|cfg|log|xml|srt|vtt|po|mp[34]";
const CODE = [
  "\\{\\{[^{}]*\\}\\}|\\$\\{[^{}]*\\}|\\{[^{}\\s]*\\}", // {{ user.name }}, ${HOME}, {name}
  `%(?:\\(${W}+\\))?(?:\\d+\\$)?[\\-+0#]*\\d*(?:\\.\\d+)?[sdifuxgc@](?!${W})`, // %s, %(key)d, %1$s, %.2f
  `</?[A-Za-z][^<>]*>|&(?:${W}+|#\\d+);`, // tags and entities
  "`[^`]+`|\\*\\*|~~|\\[(?=[^\\[\\]]*\\]\\()|\\]\\([^()\\s]*\\)", // Markdown
  `[A-Za-z]:\\\\[^\\s"']*(?:${W}|\\\\)|(?<!${W}|/)~?(?:/(?:${W}|[.\\-])*${W}){2,}/?`, // paths
  B(`(?:${W}|-)+\\.(?:${SUFFIXES})(?!${W})`),
  `(?<!\\S)--?[A-Za-z](?:${W}|-)*|\\$[A-Z_][A-Z0-9_]*(?!${W})`, // --option, $HOME
  B(`[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+(?!${W})`),
  B(`[a-z]+[A-Z][A-Za-z0-9]+(?!${W})`),
  B(`[A-Z]{1,3}\\d{2,}(?!${W})`), // snake_case, camelCase, BA2490
].join("|");
const KEPT = new RegExp(
  [
    "(?:https?://|www\\.)[^\\s<>\"'«»]*[^\\s<>\"'«».,;:!?)\\]]", // web addresses, without the sentence's own stop
    `(?:${W}|[.+\\-])+@(?:${W}|-)+(?:\\.(?:${W}|-)+)+`,
    CODE,
    `${EMOJI}(?:[\\ufe0e\\ufe0f\\u200d\\u{1f3fb}-\\u{1f3ff}]|${EMOJI})*`,
    `[#@]${W}+`,
    "\\+?\\d{1,3}(?:[ .\\-]\\d{2,4}){3,}", // telephone numbers
    "[$€£]\\d+(?:[.,]\\d+)*", // sums
    "\\d{1,3}(?:[ \\u00a0\\u202f]\\d{3})+(?:,\\d+)?(?!\\d)(?: ?[€$£%])?", // as the French write large numbers
    "\\d+(?:[.,:/\\-]\\d+)+(?: ?[%€$£])?", // decimals, hours, dates
    `\\d{1,2} ?(?:a\\.m\\.|p\\.m\\.|am(?!${W})|pm(?!${W}))|\\d{1,2} ?h(?: ?\\d\\d)?(?!${W})`, // 6 pm, 18 h 30
    "\\d+ ?[€%]|\\d{3,}",
  ].join("|"),
  "gu",
);
const TITLED = {
  en: new RegExp(B(`(?:Mr|Mrs|Ms|Miss|Dr|Prof)(?!${W})\\.?(?: and (?:Mr|Mrs|Ms|Dr)(?!${W})\\.?)? [A-ZÀ-Þ](?:${W}|['’\\-])+`), "gu"),
  fr: new RegExp(B(`(?:M\\.|Mme|Mlle|Mr|Dr|Pr)(?: et (?:M\\.|Mme|Mlle))? [A-ZÀ-Þ](?:${W}|['’\\-])+`), "gu"),
};
const NAME = /(?<![\p{L}\p{N}_])[A-ZÀ-Þ]\p{L}+(?:-[A-ZÀ-Þ]\p{L}+)*/gu;
const TITLE = [0, 1, 2].map((n) => `(?<!(?<!${W})[A-ZÀ-Þ]${W.repeat(n)})`).join(""); // "Dr. " begins no sentence
const BEGINS = new RegExp(`(?:^|${TITLE}[.!?…"«:\\-]\\s*)[^\\p{L}\\p{N}_]*$`, "u");

/** {text, kept}: the text with marks, and the strings that they stand for, in order. isName(word, begins). */
export function mark(text, isName, language = "") {
  const matches = [...text.matchAll(KEPT), ...(TITLED[language] ? text.matchAll(TITLED[language]) : [])];
  const spans = matches.map((m) => [m.index, m.index + m[0].length]);
  for (const m of text.matchAll(NAME))
    if (isName(m[0], BEGINS.test(text.slice(0, m.index)))) spans.push([m.index, m.index + m[0].length]);
  spans.sort(([a, b], [c, d]) => a - c || d - b);
  const kept = [];
  let [found, at] = ["", 0];
  for (const [start, end] of spans) {
    const string = text.slice(start, end);
    if (start < at || (!kept.includes(string) && kept.length === MARKS.length)) continue;
    if (!kept.includes(string)) kept.push(string);
    found += text.slice(at, start) + MARKS[kept.indexOf(string)];
    at = end;
  }
  return { text: found + text.slice(at), kept };
}

/** The text in parts, [text, whether it is kept as it is]: what is left where marks do not come through. */
export function pieces(text, isName, language = "") {
  const found = [];
  for (let rest = text; rest; ) {
    const marked = mark(rest, isName, language);
    const parts = marked.text.split(/([\x01-\x08])/u);
    const full = marked.kept.length === MARKS.length;
    for (const part of full ? parts.slice(0, -1) : parts)
      if (part) found.push(MARKS.includes(part) ? [marked.kept[MARKS.indexOf(part)], true] : [part, false]);
    rest = full ? parts.at(-1) : "";
  }
  return found;
}

const count = (text, mark) => text.split(mark).length;

/** The text with the kept strings back in place, or null where its marks are not those of `kept`, as often as in `source`. */
export function unmark(text, kept, source = "") {
  const found = [...MARKS].filter((m) => text.includes(m)).join("");
  if (found !== MARKS.slice(0, kept.length)) return null;
  if (source && [...MARKS].slice(0, kept.length).some((m) => count(text, m) !== count(source, m))) return null;
  return text.replace(/[\x01-\x08]/g, (m) => kept[MARKS.indexOf(m)]);
}

const TAG = "(?:</?[A-Za-z][^<>]*>|\\*\\*|~~)\\s*";
const WRAPPED = new RegExp(`^((?:${TAG})*)(.*?${W}.*?)((?:\\s*${TAG})*)$`, "su");

/** The tags before a sentence, what is between, and those behind it. */
export const unwrapped = (text) => WRAPPED.exec(text)?.slice(1) ?? ["", text, ""];

export const withoutMarks = (text) => text.replace(/[\x01-\x08]/g, "");

/** Its letters and digits alone, in small letters. */
export const letters = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

const NOTHING = 2 ** 31 - 1; // no word has this key

/** Whether no part of a word stands among the keys, which are in ascending order; false where there are none. */
export function isUnknown(word, begins, keys) {
  if (!keys.length || keys[0] === NOTHING) return false;
  const known = new Set(keys);
  return !word.toLowerCase().split("-").some((part) => known.has(Math.min(crc32(`${part} ${+begins}`) >>> 1, NOTHING - 1)));
}

function crc32(text) {
  let crc = -1;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
