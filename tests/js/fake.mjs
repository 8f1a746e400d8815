// What the tests share: the vectors that Python wrote, numbers that are nearly equal, and the model of tests/vectors/write.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const load = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf-8"));
export const vectors = (name) => load(`../vectors/${name}.json`);

/** Whether two values are the same but for the last digits of their numbers. */
export function near(found, wanted, where, tolerance = 1e-6) {
  if (typeof wanted === "number") {
    const most = tolerance * Math.max(1e-3, Math.abs(wanted));
    assert.ok(Math.abs(found - wanted) <= most || found === wanted, `${where}: ${found} is not ${wanted}`);
  } else if (Array.isArray(wanted)) {
    assert.equal(found.length, wanted.length, where);
    wanted.forEach((value, i) => near(found[i], value, `${where}, ${i}`, tolerance));
  } else assert.equal(found, wanted, where);
}

/** A model of numbers that follow from what was read. */
export class Fake {
  constructor(size) {
    this.size = size;
  }

  after(state, token) {
    return (Math.imul(state, 31) + token * 17 + 7) >>> 0;
  }

  p(state) {
    const share = Float64Array.from({ length: this.size }, (_, i) => {
      let mixed = Math.imul(i, 2654435761);
      mixed = Math.imul(mixed ^ state, 2246822519);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 3266489917) >>> 0;
      const one = mixed / 2 ** 32;
      return one * one * one * one;
    });
    const sum = share.reduce((a, b) => a + b, 0);
    return share.map((value) => value / sum);
  }

  async read(ids, state = 0) {
    const now = ids.reduce((s, token) => this.after(s, token), state);
    return { p: this.p(now), state: now };
  }

  async stepMany(ids, states) {
    return Promise.all(ids.map((id, i) => this.read([id], states[i])));
  }

  step = async (ids, rows, k) => {
    const states = ids.map((id, i) => this.after(rows.states[i], id));
    const logs = states.map((state) => Array.from(this.p(state), Math.log));
    const candidates = logs.map((log) => log.map((_, i) => i).sort((a, b) => log[b] - log[a] || a - b).slice(0, k));
    return { logP: candidates.map((own, i) => own.map((c) => logs[i][c])), candidates, state: new Rows(states, rows.width) };
  };
}

export class Rows {
  constructor(states, width = 1) {
    Object.assign(this, { states, width });
  }

  select(rows) {
    return new Rows(rows.map((i) => this.states[i]), this.width);
  }

  keep(sources) {
    return new Rows(sources.flatMap((b) => this.states.slice(b * this.width, (b + 1) * this.width)), this.width);
  }
}
