// How models come: sums, stores, errors, one question at a time, cancellation; and that the types tell of what there is.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { Files } from "../../nlp_gru/web/lib/fetching.js";
import { FORMAT, Host } from "../../nlp_gru/web/lib/host.js";
import * as library from "../../nlp_gru/web/lib/index.js";
import { tool } from "../../nlp_gru/web/lib/tools.js";

const sum = (text) => createHash("sha256").update(text).digest("hex");
const folder = (files) => {
  const place = mkdtempSync(join(tmpdir(), "nlp-gru-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  return `${pathToFileURL(place).href}/`;
};
const known = (text) => ({ bytes: text.length, sha256: sum(text) });
const listing = (...models) => JSON.stringify({ format: FORMAT, models });

test("a file that is not the one meant is refused", async () => {
  const files = new Files(folder({ a: "right", "b.json": "{" }));
  assert.deepEqual(await files.bytes("a", known("right")), new Uint8Array(Buffer.from("right")));
  await assert.rejects(files.bytes("a", known("wrong")), { name: "UserError", message: /a is damaged, or not the file/ });
  await assert.rejects(files.bytes("c"), { name: "UserError", message: /c cannot be read \(ENOENT\)/ });
  await assert.rejects(files.json("b.json"), { name: "UserError", message: /is not JSON/ });
});

test("what has come from the network is kept, and checked when it is taken again", async (t) => {
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    response.writeHead(request.url === "/a" ? 200 : 404).end("right");
  }).listen(0, "127.0.0.1");
  await new Promise((go) => server.once("listening", go));
  t.after(() => server.close());
  const cache = mkdtempSync(join(tmpdir(), "nlp-gru-"));
  const files = () => new Files(`http://127.0.0.1:${server.address().port}/`, cache);
  const shares = [];
  await files().bytes("a", known("right"), (bytes) => shares.push(bytes));
  await files().bytes("a", known("right"));
  assert.deepEqual([asked, shares.at(-1)], [1, 5]);
  writeFileSync(join(cache, sum("right")), "damaged");
  await files().bytes("a", known("right"));
  assert.equal(asked, 2);
  await assert.rejects(files().bytes("b", known("other")), { name: "UserError", message: /b cannot be fetched \(404 Not Found\)/ });
  await assert.rejects(new Files("http://127.0.0.1:1/").bytes("a"), { name: "UserError", message: /cannot be fetched/ });
});

test("a folder without models, or of another version", async () => {
  await assert.rejects(library.load("sentiment", { from: folder({}) }), { name: "UserError", message: /models\.json cannot be read/ });
  const old = folder({ "models.json": "[]" });
  await assert.rejects(library.load("sentiment", { from: old }), { name: "UserError", message: /another version than this library/ });
  const from = folder({ "models.json": listing({ name: "a", head: "chat", files: {} }) });
  await assert.rejects(library.load("sentiment", { from }), { name: "UserError", message: /there is no model sentiment in .*; there are a/ });
  await assert.rejects(library.load("sentiment", { from, integrity: sum("x") }), { name: "UserError", message: /SHA-256/ });
  assert.deepEqual((await library.models({ from })).map(({ name }) => name), ["a"]);
  await assert.rejects(library.load(7, { from }), { name: "TypeError" });
  await assert.rejects(library.load("chat", { from, signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("a path is a folder in Node", async () => {
  const place = mkdtempSync(join(tmpdir(), "nlp-gru-"));
  writeFileSync(join(place, "models.json"), listing());
  assert.deepEqual(await library.models({ from: place }), []);
});

test("a task is the first model that does it, by either name", async () => {
  const host = new Host({ from: folder({ "models.json": listing({ name: "mine", head: "next_word" }, { name: "my-bot", head: "faq" }) }) });
  const names = await Promise.all(["autocomplete", "next_word", "mine", "faq"].map(async (name) => (await host.entry(name)).name));
  assert.deepEqual(names, ["mine", "mine", "mine", "my-bot"]);
});

test("a tool asks, streams, and stops", async () => {
  const questions = [];
  const asking = {
    ask: async (method, args) => (questions.push([method, ...args]), 7),
    stream: async function* () { yield* ["a", "b"]; },
  };
  const keyboard = tool({ head: "next_word", name: "k", title: "K" }, {}, asking, async () => {});
  assert.equal(await keyboard.generate("x"), "ab");
  const parts = [];
  for await (const part of keyboard.generate("x", { stream: true })) parts.push(part);
  assert.deepEqual(parts, ["a", "b"]);
  await keyboard.learn("text");
  assert.equal(keyboard.learned, 7);
  const analyse = tool({ head: "sentiment", name: "s", files: {}, folder: "" }, { labels: ["x"] }, asking, async () => {});
  await analyse("text");
  assert.deepEqual(questions.at(-1), ["predict", "text"]);
  assert.deepEqual([analyse.labels, analyse.model], [["x"], { head: "sentiment", name: "s" }]);
});

test("the types tell of every tool's methods", () => {
  const types = readFileSync(new URL("../../nlp_gru/web/lib/index.d.ts", import.meta.url), "utf-8");
  const names = { sentiment: "SentimentAnalyser", similarity: "TextEncoder", next_word: "Keyboard", translation: "Translator", chat: "ChatBot", faq: "FaqBot" };
  const shown = { sentiment: ["labels"], similarity: ["dimensions"], translation: ["source", "target"], faq: ["questions", "answers"] };
  for (const [head, name] of Object.entries(names)) {
    const body = new RegExp(`export interface ${name} extends Tool \\{(.*?)\\n\\}`, "s").exec(types)[1];
    const declared = new Set([...body.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map((m) => m[1]));
    const made = Object.keys(tool({ head }, Object.fromEntries((shown[head] ?? []).map((own) => [own, 1])), {}, () => {}));
    assert.deepEqual([...declared].sort(), made.filter((own) => !["model", "close"].includes(own)).sort(), name);
  }
  for (const own of Object.keys(library)) assert.match(types, new RegExp(`export (?:const|class|function) ${own}\\b`));
});

test("the types tell of every option of a text field", () => {
  const read = (name) => readFileSync(new URL(`../../nlp_gru/web/lib/${name}`, import.meta.url), "utf-8");
  const taken = /constructor\(field, \{(.*?)\}\)/s.exec(read("attach.js"))[1];
  const names = [...taken.matchAll(/(?:^|,)\s*(\w+)/g)].map((m) => m[1]);
  const body = /export interface AttachOptions extends LoadOptions, KeyboardOptions \{(.*?)\n\}/s.exec(read("attach.d.ts"))[1];
  assert.deepEqual([...body.matchAll(/^ {2}(\w+)\?:/gm)].map((m) => m[1]).sort(), names.sort());
});

test("no file of the library is out of reach of another", () => {
  const place = new URL("../../nlp_gru/web/lib/", import.meta.url);
  const sources = readdirSync(place).filter((name) => name.endsWith(".js"));
  const read = Object.fromEntries(sources.map((name) => [name, readFileSync(new URL(name, place), "utf-8")]));
  const wanted = new Set(Object.values(read).flatMap((text) => [...text.matchAll(/"\.\/([\w.]+\.js)"/g)].map((m) => m[1])));
  assert.deepEqual(sources.filter((name) => !wanted.has(name) && !["index.js", "attach.js"].includes(name)), []);
});
