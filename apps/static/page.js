// Runs before every page's own scripts: the title, the bar, and what the browser keeps of a page.
// What is kept lies in this browser alone, under the name of who is logged in, if anyone is.
window.nlpGru = (() => {
  const MOST = 300_000; // characters kept of a page
  const [RESTING, FRAMES] = [200, 10]; // milliseconds and frames without another height
  const LATEST = 10_000; // milliseconds after which a page is shown as it is
  const user = () => decodeURIComponent(document.cookie.match(/(?:^|; )nlp-gru-user=([^;]*)/)?.[1] ?? "");
  const key = (name) => `nlp-gru:${user()}:${name}`;
  const unchanged = () => ({ __type__: "update" });
  const several = (values) => (values.length === 1 ? values[0] : values);

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(key(name))) ?? {};
    } catch {
      return {}; // no storage, or not ours
    }
  }

  function write(name, values) {
    try {
      const text = JSON.stringify(values);
      if (text.length > MOST) return false;
      localStorage.setItem(key(name), text);
      return true;
    } catch {
      return false; // a full or closed storage: the page works without
    }
  }

  function remove(name) {
    try {
      localStorage.removeItem(key(name));
    } catch {
      // nothing was kept
    }
  }

  // The parts of a page come one by one and would push each other about: it is shown when no more of its files come and its
  // height has come to rest. Frames are counted, too: where the machine is busy, both take longer.
  function appear() {
    const root = document.documentElement;
    const began = performance.now();
    let [height, since, frames] = [0, began, 0];
    const files = new PerformanceObserver((list) => {
      if (list.getEntries().some(({ initiatorType }) => !/fetch|xmlhttprequest/.test(initiatorType))) [since, frames] = [performance.now(), 0];
    });
    const look = (now) => {
      const found = document.querySelector(".site-footer") && !document.querySelector(".app > .wrap.full") ? document.body.scrollHeight : 0;
      if (found !== height) [height, since, frames] = [found, now, 0];
      frames += 1;
      if ((!height || now - since < RESTING || frames < FRAMES) && now - began < LATEST) return requestAnimationFrame(look);
      files.disconnect();
      root.classList.remove("opening");
    };
    root.classList.add("opening");
    files.observe({ type: "resource" });
    requestAnimationFrame(look);
  }
  appear();

  addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-running]")) event.preventDefault(); // the browser asks whether to leave
  });

  return {
    opened(element) {
      const bar = element.querySelector(".site");
      if (bar?.dataset.title) document.title = bar.dataset.title;
      const current = bar?.querySelector("[aria-current]");
      const nav = current?.parentElement;
      if (nav) nav.scrollLeft = current.offsetLeft - nav.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2;
    },
    keep(name, names, values) {
      if (document.documentElement.dataset.restored?.split(" ").includes(name))
        write(name, Object.fromEntries(names.map((one, i) => [one, values[i]])));
      return [];
    },
    restore(name, names) {
      const kept = read(name);
      const done = document.documentElement.dataset;
      done.restored = `${done.restored ?? ""} ${name}`.trim();
      return several(names.map((one) => (one in kept ? kept[one] : unchanged())));
    },
    forget(name, usual) {
      remove(name);
      document.dispatchEvent(new CustomEvent("nlp-gru-forgotten", { detail: name }));
      return several(usual.map((value) => value ?? unchanged()));
    },
    snippets(element) {
      const address = new URL(".", location.href).href;
      element.querySelectorAll(".origin").forEach((place) => (place.textContent = address));
    },
    picked: "",
    // What a message says: Gradio gives its text whole or in parts, as HTML.
    textOf(message) {
      const content = message?.content ?? "";
      const shown = typeof content === "string" ? content : content.map((part) => part.text ?? part).join("");
      return new DOMParser().parseFromString(shown, "text/html").documentElement.textContent;
    },
    exportChat(messages, name) {
      const said = (messages ?? []).filter((one) => one.metadata?.id !== "mark"); // a badge is no turn
      const lines = said.map((one) => `${one.role === "user" ? "You" : "Bot"}: ${this.textOf(one)}`);
      this.save(`${name.replace(/[^\p{L}\p{N} -]+/gu, "").trim() || "chat"}.txt`, "text/plain", `${lines.join("\n\n")}\n`);
      return [];
    },
    save(name, kind, content) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([content], { type: kind }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    },
    read,
    write,
    remove,
  };
})();
