/**
 * What somebody wants to see of their sessions: as an address says it, and as the graph is asked for it.
 * @module
 */

import { isDay } from "../i18n/calendar.js";

/** @typedef {"good" | "fair" | "poor"} Form */
/** @typedef {"started_at" | "duration" | "repetitions" | "form" | "score"} Sort */
/**
 * @typedef {object} Wish
 * @property {string} since The first day, as YYYY-MM-DD; "" for any.
 * @property {string} until The last day.
 * @property {string} exercise Its id; "" for all.
 * @property {Form | ""} form
 * @property {"yes" | "no" | ""} recorded
 * @property {string} tag One of their own words for it, in whatever case; "" for any.
 * @property {"yes" | "no" | ""} completed
 * @property {"own" | ""} days "own": those of the clock by which each session was trained, as in totals.
 * @property {Sort} sort
 * @property {boolean} ascending
 * @property {string} after A cursor: the page begins behind it.
 * @property {string} before A cursor: the page ends in front of it.
 */

/** Sessions of a page. */
export const PAGE = 20;

const SORTS = new Set(["started_at", "duration", "repetitions", "form", "score"]);

/** Mean form, 0..1, as `formClass` has it: at least, and less than. @type {Record<Form, [number | null, number | null]>} */
const FORMS = { good: [0.85, null], fair: [0.65, 0.85], poor: [null, 0.65] };

/** The words of a wish, in the order of an address. @type {(keyof Wish)[]} */
const WORDS = ["since", "until", "exercise", "form", "recorded", "tag", "completed", "days", "after", "before"];

/** @param {string} word */
function isAnswer(word) {
  return word === "yes" || word === "no";
}

/** @param {string} word @returns {boolean | null} */
function meant(word) {
  return word ? word === "yes" : null;
}

/** Read a wish; what an address cannot mean is left out. @param {string} search as of `location` @returns {Wish} */
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

/** Write a wish; what is as usual is not said. @param {Wish} wish @returns {string} of an address, with its `?`, or "" */
export function searchOf(wish) {
  const said = new URLSearchParams(WORDS.filter((name) => wish[name]).map((name) => [name, String(wish[name])]));
  if (wish.sort !== "started_at") said.set("sort", wish.sort);
  if (wish.ascending) said.set("order", "ascending");
  return said.size ? `?${said}` : "";
}

/** Whether some sessions are left out. @param {Wish} wish */
export function isNarrow(wish) {
  return Boolean(wish.since || wish.until || wish.exercise || wish.form || wish.recorded || wish.tag || wish.completed);
}

/**
 * The variables of the query SESSION_LIST.
 * @param {Wish} wish
 * @param {{zone: string, athlete: string | null}} who Whose days they are, and whose sessions; null for all there are.
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
 * Where the file of all sessions of a wish is, whatever page of the list is shown.
 * @param {Wish} wish @param {{zone: string, athlete: string | null}} who @param {"csv" | "json"} format
 */
export function exportPath(wish, who, format) {
  const { athlete, exercise, only } = variablesOf(wish, who);
  const { ownDays, formFrom, formBelow, ...same } = only;
  const asked = { format, athlete, exercise, sort: wish.sort, ascending: wish.ascending, ...same, own_days: ownDays, form_from: formFrom, form_below: formBelow };
  const said = Object.entries(asked).filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]);
  return `/v1/sessions/export?${new URLSearchParams(said)}`;
}
