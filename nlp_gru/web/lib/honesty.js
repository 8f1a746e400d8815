// What a chat program may not say of itself: that it has a body, a past, a family, a place or possessions. As nlp_gru/tools/chat/honesty.py.

import { start } from "./characters.js";
import { honesty as H } from "./constants.js";

const saidOfYou = start(H.SAID_OF_YOU);

/** Whether a turn asks the bot about itself, or says something of it. */
export function isAboutTheBot(turn) {
  const said = turn.trim();
  return H.YOU.test(said) && (said.endsWith("?") || saidOfYou.test(said));
}

/** Whether a reply claims a life; one that says it comes from a program does not. */
export function isClaim(reply) {
  const text = reply.replaceAll("’", "'");
  return H.FALSE.test(text) || (H.CLAIM.test(text) && !text.includes("program"));
}

/** Whether a reply says that it comes from a program where nobody asked, or where one of its last two turns said so. */
export function isOutOfPlace(reply, turns) {
  const told = [turns.at(-2), turns.at(-4)].some((turn) => turn !== undefined && H.PROGRAM.test(turn));
  return H.PROGRAM.test(reply) && (told || !isAboutTheBot(turns.at(-1)));
}

/** What to say where every reply was a claim: honest if the turn asks the bot about itself, else something that goes on. */
export function instead(turn, draw, said) {
  const choices = (isAboutTheBot(turn) ? H.INSTEAD : H.CHANGE).filter((text) => !said.has(text));
  const some = choices.length ? choices : H.CHANGE;
  return some[Math.floor(draw() * some.length)];
}
