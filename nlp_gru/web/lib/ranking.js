// How well a reply follows a dialogue, by what its sentences mean. As nlp_gru/tools/chat/ranking.py.

import { dot, largest, softmax, unit } from "./arrays.js";
import { ranking as C } from "./constants.js";

const PARTS = ["hidden", "output", "direct"];

/** A network of one hidden layer beside a map: where a vector lies, on the unit sphere. */
export function place({ hidden, hiddenBias, output, direct, bias }, values) {
  const inner = hidden.map((row, i) => Math.max(dot(row, values) + hiddenBias[i], 0));
  return unit(output.map((row, i) => dot(row, inner) + dot(direct[i], values) + bias[i]));
}

export class Ranking {
  /** A chat model's, or null. */
  static of(model) {
    if (!model.tables["ranking.context.hidden"]) return null;
    const side = (name) => ({
      ...Object.fromEntries(PARTS.map((part) => [part, model.rows(`ranking.${name}.${part}`)])),
      hiddenBias: model.table(`ranking.${name}.hidden_bias`).data,
      bias: model.table(`ranking.${name}.bias`).data,
    });
    const [rows, onto, mood] = ["rows", "onto", "mood"].map((name) => model.rows(`ranking.${name}`));
    const moodBias = model.table("ranking.mood_bias").data;
    return new Ranking({ context: side(C.CONTEXT), reply: side(C.REPLY), ...model.content["ranking.json"], rows, onto, mood, moodBias });
  }

  /** context, reply: networks; general: replies that fit much, in the order of KINDS, with the sizes of those; rows: where they lie; onto: the map to those; mood, moodBias: what tells bad news, neither, and good news. */
  constructor({ context, reply, general = [], sizes = [], rows = [], onto = [], mood = [], moodBias = [] }) {
    Object.assign(this, { context, reply, general, sizes, rows, onto, mood, moodBias });
  }

  /** Where a dialogue lies, and the mood of its last turn. vectors: of its turns, the last first. */
  read(vectors) {
    const said = new Float32Array(this.context.hidden[0].length);
    vectors.slice(0, C.TURNS).forEach((vector, i) => said.set(vector, i * vector.length));
    return { vector: place(this.context, said), mood: this.moodOf(vectors[0]) };
  }

  /** The probabilities of bad news, neither, and good news. */
  moodOf(vector) {
    return softmax(this.mood.map((row, i) => dot(row, vector) + this.moodBias[i]));
  }

  /** The cosines of a dialogue with replies to its last turn, and how badly the moods agree: [cosine, clash] of each. */
  async scores(encoder, there, replies) {
    const [toldBad, neither, toldGood] = there.mood;
    return (await encoder.encode(replies)).map((vector) => {
      const [bad, , good] = this.moodOf(vector);
      return [dot(place(this.reply, vector), there.vector), toldBad * good + toldGood * bad + neither * Math.abs(good - bad)];
    });
  }

  /** The n general replies of a kind that follow a dialogue best. */
  nearest(there, kind, n) {
    const own = this.onto.map((row) => dot(row, there.vector));
    const at = C.KINDS.indexOf(kind);
    const start = this.sizes.slice(0, at).reduce((a, b) => a + b, 0);
    const some = this.rows.slice(start, start + this.sizes[at]);
    return largest(some.map((row) => dot(row, own)), n).map((i) => this.general[start + i]);
  }
}
