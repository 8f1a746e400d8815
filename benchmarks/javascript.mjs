// Asks the JavaScript library what benchmarks/javascript.py wrote into a file, and answers in another: node javascript.mjs LIB SITE IN OUT

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [lib, site, calls, out] = process.argv.slice(2);
const { load } = await import(pathToFileURL(lib).href);
const answers = {};
for (const [task, { model, method, inputs }] of Object.entries(JSON.parse(readFileSync(calls, "utf-8")))) {
  const tool = await load(model, { from: `${site}/` });
  const ask = async (args) => (method ? tool[method](...args) : tool(...args));
  await ask(inputs[0]);
  const [found, times] = [[], []];
  for (const args of inputs) {
    const start = performance.now();
    const answer = await ask(args);
    times.push(performance.now() - start);
    found.push(answer instanceof Float32Array ? [...answer] : answer);
  }
  answers[task] = { found, times };
}
writeFileSync(out, JSON.stringify(answers));
