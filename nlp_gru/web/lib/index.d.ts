/** Small GRU language tools in the browser and in Node: see docs/javascript.md. */

export const VERSION: string;

/** Something that the caller can mend; the message is one sentence. */
export class UserError extends Error {}

export type Task = "sentiment" | "similarity" | "autocomplete" | "next_word" | "translation" | "translation-fr-en" | "chat" | "faq";

export interface Place {
  /** The folder with models.json, as a URL or, in Node, a path. Default: the one above this library. */
  from?: string | URL;
  /** The folder that has ONNX Runtime Web, or the imported module itself. Default: onnxruntime/ beside the models, then the package onnxruntime-web. */
  runtime?: string | URL | object;
  /** Whether the browser keeps models (default true); in Node, a folder to keep in what has been fetched. */
  cache?: boolean | string;
  /** The SHA-256 of models.json, in hexadecimal digits; the sums of all other files stand in it. */
  integrity?: string;
  /** Whether the models run in a worker. Default: in a page yes, elsewhere no. */
  worker?: boolean;
}

export interface LoadOptions extends Place {
  /** Called while files come: the share from 0 to 1, and the model's name. */
  onProgress?: (share: number, model: string) => void;
  signal?: AbortSignal;
}

export interface KeyboardOptions {
  /** Never offer slurs and obscene words (default true); they can be typed all the same. */
  blocklist?: boolean;
  /** Of the keys: it says which letters are beside each other. */
  layout?: "qwerty" | "qwertz" | "azerty" | "dvorak";
}

export interface ChatOptions {
  /** Whom a person in danger is told to call. */
  contacts?: Partial<Record<"emergency number" | "crisis line" | "poison centre", string>>;
}

export interface Entry {
  name: string;
  title: string;
  head: "sentiment" | "similarity" | "next_word" | "translation" | "chat" | "faq";
  source?: string;
  target?: string;
}

export interface ListedEntry extends Entry {
  folder: string;
  tokenizer?: string;
  needs?: { encoder?: string; smallTalk?: string };
  files: Record<string, { bytes: number; sha256: string }>;
}

/** The models of a folder. */
export function models(options?: LoadOptions): Promise<ListedEntry[]>;

/** A tool by its task or its model's name. */
export function load(name: "sentiment", options?: LoadOptions): Promise<SentimentAnalyser>;
export function load(name: "similarity", options?: LoadOptions): Promise<TextEncoder>;
export function load(name: "autocomplete" | "next_word", options?: LoadOptions & KeyboardOptions): Promise<Keyboard>;
export function load(name: "translation" | "translation-fr-en", options?: LoadOptions): Promise<Translator>;
export function load(name: "chat", options?: LoadOptions & ChatOptions): Promise<ChatBot>;
export function load(name: "faq", options?: LoadOptions): Promise<FaqBot>;
export function load<T = SentimentAnalyser | TextEncoder | Keyboard | Translator | ChatBot | FaqBot>(
  name: string,
  options?: LoadOptions & KeyboardOptions & ChatOptions,
): Promise<T>;

/** Of every question: stops the work. */
export interface Cancel {
  signal?: AbortSignal;
}

export interface Tool {
  readonly model: Entry;
  /** After this it answers no more. */
  close(): Promise<void>;
}

export type Weighted = [text: string, weight: number];

export interface Sentiment {
  label: string;
  score: number;
  scores: Record<string, number>;
  /** That the classes are nearly alike, or that there is nothing in the text that the model could judge. */
  unsure: boolean;
}

export interface SentimentAnalyser extends Tool {
  (text: string, options?: Cancel): Promise<Sentiment>;
  (texts: readonly string[], options?: Cancel): Promise<Sentiment[]>;
  readonly labels: string[];
  /** Words and gaps, each word with how much less likely (in log-odds) the label is without it. */
  explain(text: string, label?: string, options?: Cancel): Promise<Weighted[]>;
}

export interface Hit {
  text: string;
  score: number;
  index: number;
  passage: string;
}

export interface DuplicateGroup {
  indices: number[];
  texts: string[];
  scores: number[];
}

export interface TextEncoder extends Tool {
  readonly dimensions: number;
  encode(text: string, options?: Cancel & { dimensions?: number }): Promise<Float32Array>;
  encode(texts: readonly string[], options?: Cancel & { dimensions?: number }): Promise<Float32Array[]>;
  similarity(first: string, second: string, options?: Cancel): Promise<number>;
  similarity(first: readonly string[], second: readonly string[], options?: Cancel): Promise<number[][]>;
  search(query: string, texts: readonly string[], options?: Cancel & { k?: number }): Promise<Hit[]>;
  search(queries: readonly string[], texts: readonly string[], options?: Cancel & { k?: number }): Promise<Hit[][]>;
  duplicates(texts: readonly string[], options?: Cancel & { threshold?: number }): Promise<DuplicateGroup[]>;
  /** Words and gaps, each word with how far the cosine falls without it. */
  explain(query: string, text: string, options?: Cancel): Promise<Weighted[]>;
}

export interface Suggestion {
  text: string;
  score: number;
}

export interface Change {
  start: number;
  end: number;
  before: string;
  after: string;
}

export interface SuggestOptions extends Cancel {
  prefix?: string;
  k?: number;
  skip?: readonly string[];
  correct?: boolean;
}

export interface GenerateOptions extends Cancel {
  maxWords?: number;
  temperature?: number;
  topK?: number;
  topP?: number;
  noRepeatNgramSize?: number;
  /** The same seed gives the same text each time. */
  seed?: number | bigint;
  stopAtSentence?: boolean;
}

export interface Keyboard extends Tool {
  /** How many words it has learned. */
  readonly learned: number;
  suggest(context?: string, options?: SuggestOptions): Promise<Suggestion[]>;
  /** Two to four words that go on with the text, the first of them whole; null where it is not sure of them. */
  phrase(text: string, options?: Cancel & { skip?: readonly string[] }): Promise<Suggestion | null>;
  correct(text: string, options?: Cancel): Promise<{ text: string; changes: Change[] }>;
  generate(prompt?: string, options?: GenerateOptions & { stream?: false }): Promise<string>;
  generate(prompt: string, options: GenerateOptions & { stream: true }): AsyncIterable<string>;
  /** What looks like a password or the number of a card or account is left out. */
  learn(text: string, options?: Cancel): Promise<void>;
  /** All that was learned, or one word. */
  forget(word?: string, options?: Cancel): Promise<void>;
  /** Each word that was learned and how often it was used, the most frequent first. */
  learnedWords(options?: Cancel): Promise<Array<[word: string, count: number]>>;
  /** The memory as a file's content, which Python reads, too. */
  saveMemory(options?: Cancel): Promise<string>;
  loadMemory(file: string, options?: Cancel): Promise<void>;
}

export interface Sentence {
  source: string;
  text: string;
  score: number;
  alternatives: Array<[text: string, score: number]>;
  /** The chance that the translation is right. */
  confidence: number;
  /** Whether it is rather wrong than right. */
  unsure: boolean;
}

export interface Translation {
  text: string;
  score: number;
  sentences: Sentence[];
  /** "en", "fr", "other" for a third language, "" where it cannot be told. */
  language: string;
  /** What to tell whoever gave the text, if that is not the language translated from; else "". */
  hint: string;
}

export interface Alignment {
  source: string[];
  target: string[];
  weights: number[][];
}

export interface TranslateOptions extends Cancel {
  beam?: number;
  alternatives?: number;
}

export interface Translator extends Tool {
  (text: string, options?: TranslateOptions): Promise<Translation>;
  (texts: readonly string[], options?: TranslateOptions): Promise<Translation[]>;
  readonly source: string;
  readonly target: string;
  align(source: string, target: string, options?: Cancel): Promise<Alignment>;
}

export interface Reply {
  text: string;
  score: number;
  candidates: Array<[text: string, share: number]>;
  answered: boolean;
}

export interface ReplyOptions extends Cancel {
  candidates?: number;
  temperature?: number;
  topP?: number;
  maxWords?: number;
  seed?: number | bigint;
}

export interface ChatBot extends Tool {
  /** history: the dialogue so far, the user's turn last. */
  reply(history: readonly string[], options?: ReplyOptions): Promise<Reply>;
  score(history: readonly string[], candidates: readonly string[], options?: Cancel): Promise<number[]>;
}

export interface FaqReply extends Reply {
  /** The nearest known questions, each of another answer. */
  closest: string[];
  /** Whether the text asks if one of these was meant. */
  offered: boolean;
}

export interface FaqBot extends Tool {
  readonly questions: string[];
  readonly answers: string[];
  reply(history: string | readonly string[], options?: Cancel & { threshold?: number; seed?: number | bigint }): Promise<FaqReply>;
  replies(questions: readonly string[], options?: Cancel & { threshold?: number }): Promise<FaqReply[]>;
}
