// How English and French write numbers, sums, hours and titles. As nlp_gru/text/conventions.py.

import { all, whole } from "./characters.js";
import { conventions as C } from "./phrases.js";

const [date, dashes, inYear, inTown, twoStops, quarters, dayFirst, dayLast, firstDay] = [
  C.DATE, C.DASHES, C.IN_YEAR, C.IN_TOWN, C.TWO_STOPS, C.QUARTER, C.DAY_FIRST, C.DAY_LAST, C.FIRST_DAY,
].map(all); // prettier-ignore
const measuredBy = whole(C.MEASURED);
const each = (table, make) => Object.fromEntries(Object.entries(table).map(([language, value]) => [language, make(value)]));
const writtenOut = each(C.WRITTEN_OUT, (pairs) => pairs.map(([pattern, word]) => [all(pattern), word]));
const smallOrdinal = each(C.SMALL_ORDINAL, all);
const ordinals = each(C.SMALL_ORDINALS, (words) => words.split(" "));
const LARGE = /^([$€£])(\S+) (thousand|million|billion|trillion)$/u;
const LARGE_WORDS = { thousand: "mille", million: "million", billion: "milliard", trillion: "billion" };
const CURRENCIES = { $: ["dollars", "de dollars"], "€": ["euros", "d'euros"], "£": ["livres", "de livres"] };
const places = { en: C.PLACES, fr: Object.fromEntries(Object.entries(C.PLACES).map(([english, french]) => [french, english])) };
const NARROW = "\u202f"; // the blank within French numbers
const TITLES = {
  en: { Mr: "M.", Mrs: "Mme", Ms: "Mme", Miss: "Mlle", Dr: "Dr", Prof: "Pr", Aunt: "Tante", Uncle: "Oncle", and: "et" },
  fr: { M: "Mr", Mr: "Mr", Monsieur: "Mr", Mme: "Mrs", Madame: "Mrs", Mlle: "Miss", Mademoiselle: "Miss", Dr: "Dr", Pr: "Prof.", Tante: "Aunt", Oncle: "Uncle", et: "and" },
};
const TITLE = /^(?:Mrs?|Ms|Miss|Dr|Prof|M|Mme|Mlle|Pr|Monsieur|Madame|Mademoiselle|Aunt|Uncle|Tante|Oncle)(?![\p{L}\p{N}_])/u;
const ENGLISH = /^(?<sign>[$€£]?)(?<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?<part>\d+))?(?<end> ?[%€]?)$/u;
const FRENCH = /^(?<whole>\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:,(?<part>\d+))?(?<end>[ \u00a0\u202f]?[€$£%]?)$/u;

/** A kept string as the target language writes it; what is no number, hour or titled name stays as it is. */
export function rewritten(string, source, target) {
  if (![source, target].includes("en") || ![source, target].includes("fr")) return string;
  if (Object.hasOwn(places[source], string)) return places[source][string];
  if (TITLE.test(string))
    return string.split(" ").map((word) => TITLES[source][word.replace(/\.+$/, "")] ?? word).join(" ");
  return measured(string, source) ?? (target === "fr" ? toFrench(string) : toEnglish(string));
}

/** A translation with what its language's conventions ask for: French months in small letters and behind "du", and the dashes of
 * the source, which the model knows as hyphens alone. language: of the translation. */
export function polished(source, target, language) {
  let text = target;
  if (language === "fr") {
    text = text.replace(date, (_, of, day, month) => `${of ? "du " : ""}${day === "1" ? "1er" : day} ${month.toLowerCase()}`);
    if (source.endsWith("m.") && /[\p{L}\p{N}]$/u.test(text)) text += ".";
    for (const [, year] of source.matchAll(inYear))
      text = text.replace(new RegExp(`(?<![\\p{L}\\p{N}_])(?:à|au|dans|sur|de) ${year}(?![\\p{L}\\p{N}_])`, "gu"), `en ${year}`);
    for (const [, name] of source.matchAll(inTown))
      text = text.replace(new RegExp(`(?<![\\p{L}\\p{N}_])en ${name}(?![\\p{L}\\p{N}_])`, "gu"), `à ${name}`);
    text = text.replaceAll("en les années", "dans les années");
  } else text = text.replace(twoStops, "$1");
  const found = source.match(dashes) ?? [];
  if (found.length && !source.includes(" - ") && text.split(" - ").length - 1 === found.length)
    for (const dash of found) text = text.replace(" - ", ` ${dash} `);
  return text;
}

/** A text with its abbreviations, dates and small ordinals as the model learned them. */
export function prepared(text, source, target) {
  if (![source, target].includes("en") || ![source, target].includes("fr")) return text;
  if (source === "en") text = text.replace(quarters, (_, side, hour) => quarter(side, hour));
  for (const [pattern, word] of writtenOut[source]) text = text.replace(pattern, word);
  text = source === "en" ? text.replace(dayFirst, "$2 $1").replace(dayLast, "$1 $2") : text.replace(firstDay, "1 $1");
  return text.replace(smallOrdinal[source], (_, n) => ordinals[source][n - 1]);
}

function quarter(side, said) {
  const hour = /\d/.test(said) ? Number(said) : C.CLOCK.split(" ").indexOf(said) + 1;
  return side === "to" ? `${((hour + 10) % 12) + 1}:45` : `${hour}:15`;
}

/** A number with its unit as the other language writes it; null for what is none. */
function measured(string, source) {
  const found = measuredBy.exec(string)?.groups;
  if (!found) return null;
  const { number, blank, unit } = found;
  const written = source === "en" ? number.replaceAll(",", NARROW).replaceAll(".", ",") : number.replaceAll(",", ".");
  return written + (blank || (source === "en" ? " " : "")) + (C.UNITS[source][unit] ?? unit);
}

function largeSum(sign, number, word) {
  const [alone, behindNoun] = CURRENCIES[sign];
  if (word === "mille") return `${number} mille ${alone}`;
  return `${number} ${word}${/^[01](?!\d)/.test(number) ? "" : "s"} ${behindNoun}`;
}

function roman(numeral) {
  const values = [...numeral].map((sign) => ({ I: 1, V: 5, X: 10 })[sign]);
  return values.reduce((sum, value, i) => sum + (value < (values[i + 1] ?? 0) ? -value : value), 0);
}

function toFrench(string) {
  const decade = /^([Tt]he) (\d{3}0)s$/.exec(string);
  if (decade) return `${decade[1] === "The" ? "Les" : "les"} années ${decade[2]}`;
  const ordinal = /^(\d+)(?:st|nd|rd|th)$/.exec(string);
  if (ordinal) return ordinal[1] + (ordinal[1] === "1" ? "er" : "e");
  const large = LARGE.exec(string);
  if (large) return largeSum(large[1], toFrench(large[2]), LARGE_WORDS[large[3]]);
  const hour = /^(\d{1,2})(?::(\d\d))? ?([ap])\.?m\.?$/i.exec(string);
  if (hour) return `${(Number(hour[1]) % 12) + (/p/i.test(hour[3]) ? 12 : 0)} h${hour[2] && hour[2] !== "00" ? ` ${hour[2]}` : ""}`;
  const { sign, whole, part, end } = ENGLISH.exec(string)?.groups ?? {};
  if (whole === undefined || (part === undefined && !(sign || end || string.includes(",")))) return string;
  const unit = sign || end.trim();
  return whole.replaceAll(",", NARROW) + (part ? `,${part}` : "") + (unit ? ` ${unit}` : "");
}

function toEnglish(string) {
  const decade = /^([Ll]es) années (\d{3}0)$/.exec(string);
  if (decade) return `${decade[1] === "Les" ? "The" : "the"} ${decade[2]}s`;
  const hour = /^(\d{1,2}) ?h(?:eures)?(?: ?(\d\d))?(?: (du matin|du soir|de l['’]après-midi))?$/.exec(string);
  if (hour) {
    const h = Number(hour[1]);
    const isLate = h % 24 >= 12 || ![undefined, "du matin"].includes(hour[3]);
    return `${((h + 11) % 12) + 1}${hour[2] ? `:${hour[2]}` : ""} ${isLate ? "p.m." : "a.m."}`;
  }
  const ordinal = /^(\d+|[IVX]+)(?:ème|ère|er|re|e)$/.exec(string);
  if (ordinal) {
    const n = /\d/.test(ordinal[1]) ? Number(ordinal[1]) : roman(ordinal[1]);
    return `${n}${[11, 12, 13].includes(n % 100) ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[n % 10] ?? "th")}`;
  }
  const { whole, part, end } = FRENCH.exec(string)?.groups ?? {};
  if (whole === undefined || /^\d+$/.test(string)) return string;
  const value = whole.replace(/\s/gu, ",") + (part ? `.${part}` : "");
  return end.trim() === "%" ? `${value}%` : end.trim() + value;
}
