/**
 * Filters of the session list: from and to the URL, and as GraphQL variables.
 * @module
 */

import { isDay } from "../i18n/calendar.js";
import { enumValue } from "../api/queries.js";

/** @typedef {"good" | "fair" | "poor"} Form */
/** @typedef {"started_at" | "duration" | "repetitions" | "form" | "score"} Sort */
/**
 * @typedef {object} Filters
 * @property {string} since first day, as YYYY-MM-DD; "" for any
 * @property {string} until last day
 * @property {string} exercise exercise ID; "" for all
 * @property {Form | ""} form
 * @property {"yes" | "no" | ""} recorded
 * @property {string} tag a tag, case-insensitive; "" for any
 * @property {"yes" | "no" | ""} completed
 * @property {"own" | ""} days "own": use the time zone of each session, as totals do
 * @property {Sort} sort
 * @property {boolean} ascending
 * @property {string} after cursor: the page starts after it
 * @property {string} before cursor: the page ends before it
 */

/** Sessions per page. */
export const PAGE = 20;

const SORTS = new Set(["started_at", "duration", "repetitions", "form", "score"]);

/** Bounds of the mean form, 0..1, as in `formClass`: at least, and less than. @type {Record<Form, [number | null, number | null]>} */
const FORMS = { good: [0.85, null], fair: [0.65, 0.85], poor: [null, 0.65] };

/** Query parameters, in the order of the URL. @type {(keyof Filters)[]} */
const WORDS = ["since", "until", "exercise", "form", "recorded", "tag", "completed", "days", "after", "before"];

/** @param {string} word */
function isAnswer(word) {
  return word === "yes" || word === "no";
}

/** @param {string} word @returns {boolean | null} */
function toBoolean(word) {
  return word ? word === "yes" : null;
}

/** Parse the filters; invalid parameters are ignored. @param {string} search `location.search` @returns {Filters} */
export function parseFilters(search) {
  const parameters = new URLSearchParams(search);
  const one = (/** @type {string} */ name, /** @type {(word: string) => boolean} */ allowed) => (allowed(parameters.get(name) ?? "") ? parameters.get(name) ?? "" : "");
  const sort = /** @type {Sort} */ (one("sort", (sort) => SORTS.has(sort)) || "started_at");
  return {
    since: one("since", isDay),
    until: one("until", isDay),
    exercise: parameters.get("exercise") ?? "",
    form: /** @type {Form | ""} */ (one("form", (form) => Object.hasOwn(FORMS, form))),
    recorded: /** @type {"yes" | "no" | ""} */ (one("recorded", isAnswer)),
    tag: (parameters.get("tag") ?? "").trim(),
    completed: /** @type {"yes" | "no" | ""} */ (one("completed", isAnswer)),
    days: /** @type {"own" | ""} */ (one("days", (word) => word === "own")),
    sort,
    ascending: parameters.get("order") === "ascending",
    after: parameters.get("after") ?? "",
    before: parameters.get("before") ?? "",
  };
}

/** Serialize the filters; defaults are left out. @param {Filters} filters @returns {string} with its `?`, or "" */
export function formatSearch(filters) {
  const parameters = new URLSearchParams(WORDS.filter((name) => filters[name]).map((name) => [name, String(filters[name])]));
  if (filters.sort !== "started_at") parameters.set("sort", filters.sort);
  if (filters.ascending) parameters.set("order", "ascending");
  return parameters.size ? `?${parameters}` : "";
}

/** Whether the filters exclude any session. @param {Filters} filters */
export function hasFilters(filters) {
  return Boolean(filters.since || filters.until || filters.exercise || filters.form || filters.recorded || filters.tag || filters.completed);
}

/**
 * Variables of the query SESSION_LIST.
 * @param {Filters} filters
 * @param {{zone: string, athlete: string | null}} who time zone of the days, and athlete; null for all athletes
 */
export function queryVariables(filters, { zone, athlete }) {
  const [minForm, maxForm] = filters.form ? FORMS[filters.form] : [null, null];
  const page = filters.before ? { last: PAGE, before: filters.before } : { first: PAGE, after: filters.after || null };
  return {
    ...page,
    athlete,
    exercise: filters.exercise || null,
    sort: enumValue(filters.sort),
    ascending: filters.ascending,
    filter: {
      since: filters.since || null, until: filters.until || null, timeZone: zone, minForm, maxForm, hasRecording: toBoolean(filters.recorded),
      tag: filters.tag || null, completed: toBoolean(filters.completed), useSessionTimeZone: filters.days === "own",
    },
  };
}

/**
 * URL of the export of all sessions that match the filters, on all pages.
 * @param {Filters} filters @param {{zone: string, athlete: string | null}} who @param {"csv" | "json"} format
 */
export function exportPath(filters, who, format) {
  const { athlete, exercise, filter } = queryVariables(filters, who);
  const query = { format, athlete, exercise, sort: filters.sort, ascending: filters.ascending, ...filter };
  const parameters = Object.entries(query).filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]);
  return `/v1/sessions/export?${new URLSearchParams(parameters)}`;
}
