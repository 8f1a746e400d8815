// How a completion is written: the same cases as in tests/test_slips.py.

import assert from "node:assert/strict";
import { test } from "node:test";
import { apostrophe, matchCase, oneApostrophe } from "../../nlp_gru/web/page/typing.js";

test("apostrophes of all kinds are one, and are offered in the kind that the text uses", () => {
  assert.equal(oneApostrophe("a’b`c´d‘e"), "a'b'c'd'e");
  const texts = ["it’s a", "it's a", "it’s, isn't", "isn't, it’s", "don’", "plain"];
  assert.equal(texts.map(apostrophe).join(""), "’''’’'");
});

test("capitals follow the letters typed", () => {
  assert.deepEqual(["or", "Or", "OR", "O", ""].map((p) => matchCase("order", p)), ["order", "Order", "ORDER", "Order", "order"]);
  assert.equal(matchCase("Paris", "p"), "Paris");
  assert.equal(matchCase("I'm", "I'"), "I'm");
  assert.equal(matchCase("I'm", "IM"), "I'M");
});
