/**
 * Filters of the history page: from and to the URL, and links to the matching sessions.
 * @module
 */

import { isDay } from "../i18n/calendar.js";
import { formatSearch as listSearch, parseFilters } from "../session/filters.js";

/** @typedef {import("../i18n/calendar.js").Period} Period */
/** @typedef {"repetitions" | "verified" | "sessions" | "time" | "energy" | "form"} Measure */
/** @typedef {"repetitions" | "load" | "hold" | "form"} Best */
/**
 * @typedef {object} View
 * @property {Period} period
 * @property {string} until a day in the last period to show; "" for today
 * @property {Measure} measure
 * @property {string} year year of the heat map; "" for the last twelve months
 * @property {string} exercise exercise of the progress chart; "" for the one with most sessions
 * @property {Best | ""} best measure of the progress chart; "" for the first available
 */

/** Validators of the query parameters. @type {Record<keyof View, (word: string) => boolean>} */
const WORDS = {
  period: (word) => ["DAY", "WEEK", "MONTH", "YEAR"].includes(word),
  until: isDay,
  measure: (word) => ["repetitions", "verified", "sessions", "time", "energy", "form"].includes(word),
  year: (word) => isDay(`${word}-01-01`),
  exercise: (word) => word !== "",
  best: (word) => ["repetitions", "load", "hold", "form"].includes(word),
};

/** @type {View} */
const DEFAULTS = { period: "WEEK", until: "", measure: "repetitions", year: "", exercise: "", best: "" };

/** Parse the filters; invalid parameters get their default. @param {string} search `location.search` @returns {View} */
export function viewOf(search) {
  const parameters = new URLSearchParams(search);
  const valid = Object.entries(WORDS).filter(([word, is]) => is(parameters.get(word) ?? ""));
  return { ...DEFAULTS, ...Object.fromEntries(valid.map(([word]) => [word, parameters.get(word)])) };
}

/** Serialize the filters; defaults are left out. @param {View} view @returns {string} with its `?`, or "" */
export function formatSearch(view) {
  const words = /** @type {(keyof View)[]} */ (Object.keys(WORDS));
  const parameters = words.filter((word) => view[word] !== DEFAULTS[word]).map((word) => [word, view[word]]);
  return parameters.length ? `?${new URLSearchParams(parameters)}` : "";
}

/** Filters of the session list for a number: completed sessions, with the days of totals. @param {{since?: string, until?: string, exercise?: string}} wanted */
export function completedSessionFilters({ since = "", until = "", exercise = "" }) {
  return { ...parseFilters(""), since, until, exercise, completed: /** @type {const} */ ("yes"), days: /** @type {const} */ ("own") };
}

/** URL of the session list for a number. @param {{since?: string, until?: string, exercise?: string}} wanted */
export function sessionListUrl(wanted) {
  return `/session_list.html${listSearch(completedSessionFilters(wanted))}`;
}

/** URL of a session. @param {string} id */
export function sessionUrl(id) {
  return `/#session=${encodeURIComponent(id)}`;
}
