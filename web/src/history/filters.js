/**
 * What of the history is looked at, as the address says it, and where the sessions of a number are.
 * @module
 */

import { isDay } from "../i18n/calendar.js";
import { searchOf as listSearch, wishOf } from "../session/filters.js";

/** @typedef {import("../i18n/calendar.js").Period} Period */
/** @typedef {"repetitions" | "sessions" | "time" | "energy" | "form"} Measure */
/** @typedef {"repetitions" | "load" | "hold" | "form"} Best */
/**
 * @typedef {object} View
 * @property {Period} period
 * @property {string} until A day in the last period that is shown; "" for today.
 * @property {Measure} measure
 * @property {string} year The calendar's; "" for the last twelve months.
 * @property {string} exercise Whose progress is shown; "" for the one of most sessions.
 * @property {Best | ""} best What of it; "" for the first there is.
 */

/** How an address says what is not as usual. @type {Record<keyof View, (word: string) => boolean>} */
const WORDS = {
  period: (word) => ["DAY", "WEEK", "MONTH", "YEAR"].includes(word),
  until: isDay,
  measure: (word) => ["repetitions", "sessions", "time", "energy", "form"].includes(word),
  year: (word) => isDay(`${word}-01-01`),
  exercise: (word) => word !== "",
  best: (word) => ["repetitions", "load", "hold", "form"].includes(word),
};

/** @type {View} */
const USUAL = { period: "WEEK", until: "", measure: "repetitions", year: "", exercise: "", best: "" };

/** Read a view; what an address cannot mean is as usual. @param {string} search as of `location` @returns {View} */
export function viewOf(search) {
  const said = new URLSearchParams(search);
  const known = Object.entries(WORDS).filter(([word, is]) => is(said.get(word) ?? ""));
  return { ...USUAL, ...Object.fromEntries(known.map(([word]) => [word, said.get(word)])) };
}

/** Write a view; what is as usual is not said. @param {View} view @returns {string} of an address, with its `?`, or "" */
export function searchOf(view) {
  const said = Object.keys(WORDS).filter((word) => view[word] !== USUAL[word]).map((word) => [word, view[word]]);
  return said.length ? `?${new URLSearchParams(said)}` : "";
}

/** What the list has to show for a number: completed sessions by the days of totals. @param {{since?: string, until?: string, exercise?: string}} wanted */
export function wishFor({ since = "", until = "", exercise = "" }) {
  return { ...wishOf(""), since, until, exercise, completed: /** @type {const} */ ("yes"), days: /** @type {const} */ ("own") };
}

/** Where the sessions of a number are listed. @param {{since?: string, until?: string, exercise?: string}} wanted */
export function listOf(wanted) {
  return `/session_list.html${listSearch(wishFor(wanted))}`;
}

/** Where a session is shown. @param {string} id */
export function sessionAt(id) {
  return `/#session=${encodeURIComponent(id)}`;
}
