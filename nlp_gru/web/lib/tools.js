// What `load` gives: objects and functions that ask a model, wherever it runs. As the classes of the Python API.

/** ask(method, args, options), stream(method, args, options): see index.js; shown: what the tool tells of itself. */
const KINDS = {
  sentiment({ ask }) {
    const analyse = (texts, options) => ask("predict", [texts], options);
    analyse.explain = (text, label, options) => ask("explain", [text, label], options);
    return analyse;
  },

  similarity: ({ ask }) => ({
    encode: (texts, options) => ask("encode", [texts], options),
    similarity: (first, second, options) => ask("similarity", [first, second], options),
    search: (query, texts, options) => ask("search", [query, texts], options),
    duplicates: (texts, options) => ask("duplicates", [texts], options),
    explain: (query, text, options) => ask("explain", [query, text], options),
  }),

  next_word({ ask, stream }) {
    const keyboard = {
      learned: 0,
      suggest: (context, options) => ask("suggest", [context], options),
      phrase: (text, options) => ask("phrase", [text], options),
      correct: (text, options) => ask("correct", [text], options),
      generate: (prompt, { stream: inParts = false, ...options } = {}) =>
        inParts ? stream("generate", [prompt], options) : joined(stream("generate", [prompt], options)),
      learn: (text, options) => remember("learn", [text], options),
      forget: (word, options) => remember("forget", [word], options),
      learnedWords: (options) => ask("learnedWords", [], options),
      saveMemory: (options) => ask("saveMemory", [], options),
      loadMemory: (file, options) => remember("loadMemory", [file], options),
    };
    const remember = async (...question) => void (keyboard.learned = await ask(...question));
    return keyboard;
  },

  translation({ ask }) {
    const translate = (texts, options) => ask("translate", [texts], options);
    translate.align = (source, target, options) => ask("align", [source, target], options);
    return translate;
  },

  chat: ({ ask }) => ({
    reply: (history, options) => ask("reply", [history], options),
    score: (history, candidates, options) => ask("score", [history, candidates], options),
  }),

  faq: ({ ask }) => ({
    reply: (history, options) => ask("reply", [history], options),
    replies: (questions, options) => ask("replies", [questions], options),
  }),
};

/** The tool of a kind, with what it shows of itself and `close`, after which it answers no more. */
export function tool(entry, shown, asking, close) {
  const { folder, files, needs, tokenizer, ...model } = entry;
  return Object.assign(KINDS[entry.head](asking), shown, { model, close });
}

async function joined(parts) {
  let text = "";
  for await (const part of parts) text += part;
  return text;
}
