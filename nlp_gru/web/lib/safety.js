// What tells that a person is in danger, and the one reply that points to help. As nlp_gru/tools/chat/safety.py.

import { argmax, dot } from "./arrays.js";
import { safety as S } from "./constants.js";

export class Alarm {
  /** kinds of the examples, and their vectors. */
  constructor(kinds, vectors) {
    Object.assign(this, { kinds, vectors });
  }

  /** The kind of danger that a turn speaks of, by its vector, or null. */
  of(vector) {
    if (!this.kinds.length) return null;
    const cosines = this.vectors.map((other) => dot(other, vector));
    const nearest = argmax(cosines);
    return this.kinds[nearest] === S.HARMLESS || cosines[nearest] < S.MIN_COSINE ? null : this.kinds[nearest];
  }
}

/** The reply to a kind of danger. contacts: whom to call; what it lacks is HELP's. */
export function reply(kind, contacts = {}) {
  const all = { ...S.HELP, ...contacts };
  return S.REPLIES[kind].replace(/\{([^}]+)\}/g, (_, name) => all[name]);
}
