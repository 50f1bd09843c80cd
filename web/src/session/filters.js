/**
 * Filters of the session list: from and to the URL, and as GraphQL variables.
 * @module
 */

import { isDay } from "../i18n/calendar.js";

/** @typedef {"good" | "fair" | "poor"} Form */
/** @typedef {"started_at" | "duration" | "repetitions" | "form" | "score"} Sort */
/**
 * @typedef {object} Wish
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

/** Query parameters, in the order of the URL. @type {(keyof Wish)[]} */
const WORDS = ["since", "until", "exercise", "form", "recorded", "tag", "completed", "days", "after", "before"];

/** @param {string} word */
function isAnswer(word) {
  return word === "yes" || word === "no";
}

/** @param {string} word @returns {boolean | null} */
function meant(word) {
  return word ? word === "yes" : null;
}

/** Parse the filters; invalid parameters are ignored. @param {string} search `location.search` @returns {Wish} */
export function wishOf(search) {
  const said = new URLSearchParams(search);
  const one = (name, allowed) => (allowed(said.get(name) ?? "") ? said.get(name) ?? "" : "");
  const sort = /** @type {Sort} */ (one("sort", (sort) => SORTS.has(sort)) || "started_at");
  return {
    since: one("since", isDay),
    until: one("until", isDay),
    exercise: said.get("exercise") ?? "",
    form: /** @type {Form | ""} */ (one("form", (form) => Object.hasOwn(FORMS, form))),
    recorded: /** @type {"yes" | "no" | ""} */ (one("recorded", isAnswer)),
    tag: (said.get("tag") ?? "").trim(),
    completed: /** @type {"yes" | "no" | ""} */ (one("completed", isAnswer)),
    days: /** @type {"own" | ""} */ (one("days", (word) => word === "own")),
    sort,
    ascending: said.get("order") === "ascending",
    after: said.get("after") ?? "",
    before: said.get("before") ?? "",
  };
}

/** Serialize the filters; defaults are left out. @param {Wish} wish @returns {string} with its `?`, or "" */
export function searchOf(wish) {
  const said = new URLSearchParams(WORDS.filter((name) => wish[name]).map((name) => [name, String(wish[name])]));
  if (wish.sort !== "started_at") said.set("sort", wish.sort);
  if (wish.ascending) said.set("order", "ascending");
  return said.size ? `?${said}` : "";
}

/** Whether the filters exclude any session. @param {Wish} wish */
export function isNarrow(wish) {
  return Boolean(wish.since || wish.until || wish.exercise || wish.form || wish.recorded || wish.tag || wish.completed);
}

/**
 * Variables of the query SESSION_LIST.
 * @param {Wish} wish
 * @param {{zone: string, athlete: string | null}} who time zone of the days, and athlete; null for all athletes
 */
export function variablesOf(wish, { zone, athlete }) {
  const [formFrom, formBelow] = wish.form ? FORMS[wish.form] : [null, null];
  const page = wish.before ? { last: PAGE, before: wish.before } : { first: PAGE, after: wish.after || null };
  return {
    ...page,
    athlete,
    exercise: wish.exercise || null,
    sort: wish.sort.toUpperCase(),
    ascending: wish.ascending,
    only: {
      since: wish.since || null, until: wish.until || null, zone, formFrom, formBelow,
      recorded: meant(wish.recorded), tag: wish.tag || null, completed: meant(wish.completed), ownDays: wish.days === "own",
    },
  };
}

/**
 * URL of the export of all sessions that match the filters, on all pages.
 * @param {Wish} wish @param {{zone: string, athlete: string | null}} who @param {"csv" | "json"} format
 */
export function exportPath(wish, who, format) {
  const { athlete, exercise, only } = variablesOf(wish, who);
  const { ownDays, formFrom, formBelow, ...same } = only;
  const asked = { format, athlete, exercise, sort: wish.sort, ascending: wish.ascending, ...same, own_days: ownDays, form_from: formFrom, form_below: formBelow };
  const said = Object.entries(asked).filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]);
  return `/v1/sessions/export?${new URLSearchParams(said)}`;
}
