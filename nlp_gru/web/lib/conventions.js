// How English and French write numbers, sums, hours and titles. As nlp_gru/text/conventions.py.

import { all } from "./characters.js";
import { conventions as C } from "./phrases.js";

const [date, dashes] = [all(C.DATE), all(C.DASHES)];
const places = { en: C.PLACES, fr: Object.fromEntries(Object.entries(C.PLACES).map(([english, french]) => [french, english])) };
const NARROW = "\u202f"; // the blank within French numbers
const TITLES = {
  en: { Mr: "M.", Mrs: "Mme", Ms: "Mme", Miss: "Mlle", Dr: "Dr", Prof: "Pr", and: "et" },
  fr: { M: "Mr", Mr: "Mr", Mme: "Mrs", Mlle: "Miss", Dr: "Dr", Pr: "Prof.", et: "and" },
};
const TITLE = /^(?:Mrs?|Ms|Miss|Dr|Prof|M|Mme|Mlle|Pr)(?![\p{L}\p{N}_])/u;
const ENGLISH = /^(?<sign>[$€£]?)(?<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?<part>\d+))?(?<end> ?[%€]?)$/u;
const FRENCH = /^(?<whole>\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:,(?<part>\d+))?(?<end>[ \u00a0\u202f]?[€$£%]?)$/u;

/** A kept string as the target language writes it; what is no number, hour or titled name stays as it is. */
export function rewritten(string, source, target) {
  if (![source, target].includes("en") || ![source, target].includes("fr")) return string;
  if (Object.hasOwn(places[source], string)) return places[source][string];
  if (TITLE.test(string))
    return string.split(" ").map((word) => TITLES[source][word.replace(/\.+$/, "")] ?? word).join(" ");
  return target === "fr" ? toFrench(string) : toEnglish(string);
}

/** A translation with what its language's conventions ask for: French months in small letters and behind "du", and the dashes of
 * the source, which the model knows as hyphens alone. language: of the translation. */
export function polished(source, target, language) {
  let text = target;
  if (language === "fr") text = text.replace(date, (_, of, day, month) => `${of ? "du " : ""}${day} ${month.toLowerCase()}`);
  const found = source.match(dashes) ?? [];
  if (found.length && !source.includes(" - ") && text.split(" - ").length - 1 === found.length)
    for (const dash of found) text = text.replace(" - ", ` ${dash} `);
  return text;
}

function toFrench(string) {
  const hour = /^(\d{1,2})(?::(\d\d))? ?([ap])\.?m\.?$/i.exec(string);
  if (hour) return `${(Number(hour[1]) % 12) + (/p/i.test(hour[3]) ? 12 : 0)} h${hour[2] && hour[2] !== "00" ? ` ${hour[2]}` : ""}`;
  const { sign, whole, part, end } = ENGLISH.exec(string)?.groups ?? {};
  if (whole === undefined || (part === undefined && !(sign || end || string.includes(",")))) return string;
  const unit = sign || end.trim();
  return whole.replaceAll(",", NARROW) + (part ? `,${part}` : "") + (unit ? ` ${unit}` : "");
}

function toEnglish(string) {
  const hour = /^(\d{1,2}) ?h(?: ?(\d\d))?$/.exec(string);
  if (hour) {
    const h = Number(hour[1]);
    return `${((h + 11) % 12) + 1}${hour[2] ? `:${hour[2]}` : ""} ${h % 24 < 12 ? "a.m." : "p.m."}`;
  }
  const { whole, part, end } = FRENCH.exec(string)?.groups ?? {};
  if (whole === undefined || /^\d+$/.test(string)) return string;
  const value = whole.replace(/\s/gu, ",") + (part ? `.${part}` : "");
  return end.trim() === "%" ? `${value}%` : end.trim() + value;
}
