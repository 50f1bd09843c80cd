/**
 * Filters of the session list: from and to the URL, and as GraphQL variables.
 * @module
 */

import { isDay } from "../i18n/calendar.ts";
import { enumValue } from "../api/queries.ts";

type Form = "good" | "fair" | "poor";
type Sort = "started_at" | "duration" | "repetitions" | "form" | "score";
export interface Filters {
  /** first day, as YYYY-MM-DD; "" for any */
  since: string;
  /** last day */
  until: string;
  /** exercise ID; "" for all */
  exercise: string;
  form: Form | "";
  recorded: "yes" | "no" | "";
  /** a tag, case-insensitive; "" for any */
  tag: string;
  completed: "yes" | "no" | "";
  /** "own": use the time zone of each session, as totals do */
  days: "own" | "";
  sort: Sort;
  ascending: boolean;
  /** cursor: the page starts after it */
  after: string;
  /** cursor: the page ends before it */
  before: string;
}

/** Sessions per page. */
export const PAGE = 20;

const SORTS = new Set(["started_at", "duration", "repetitions", "form", "score"]);

/** Bounds of the mean form, 0..1, as in `formClass`: at least, and less than. */
const FORMS: Record<Form, [number | null, number | null]> = { good: [0.85, null], fair: [0.65, 0.85], poor: [null, 0.65] };

/** Query parameters, in the order of the URL. */
const WORDS: (keyof Filters)[] = ["since", "until", "exercise", "form", "recorded", "tag", "completed", "days", "after", "before"];

function isAnswer(word: string) {
  return word === "yes" || word === "no";
}

function toBoolean(word: string): boolean | null {
  return word ? word === "yes" : null;
}

/** Parse the filters; invalid parameters are ignored. @param search `location.search` */
export function parseFilters(search: string): Filters {
  const parameters = new URLSearchParams(search);
  const one = (name: string, allowed: (word: string) => boolean) => (allowed(parameters.get(name) ?? "") ? parameters.get(name) ?? "" : "");
  const sort = (one("sort", (sort) => SORTS.has(sort)) || "started_at") as Sort;
  return {
    since: one("since", isDay),
    until: one("until", isDay),
    exercise: parameters.get("exercise") ?? "",
    form: one("form", (form) => Object.hasOwn(FORMS, form)) as Form | "",
    recorded: one("recorded", isAnswer) as "yes" | "no" | "",
    tag: (parameters.get("tag") ?? "").trim(),
    completed: one("completed", isAnswer) as "yes" | "no" | "",
    days: one("days", (word) => word === "own") as "own" | "",
    sort,
    ascending: parameters.get("order") === "ascending",
    after: parameters.get("after") ?? "",
    before: parameters.get("before") ?? "",
  };
}

/** Serialize the filters; defaults are left out. @returns with its `?`, or "" */
export function formatSearch(filters: Filters): string {
  const parameters = new URLSearchParams(WORDS.filter((name) => filters[name]).map((name) => [name, String(filters[name])]));
  if (filters.sort !== "started_at") parameters.set("sort", filters.sort);
  if (filters.ascending) parameters.set("order", "ascending");
  return parameters.size ? `?${parameters}` : "";
}

/** Whether the filters exclude any session. */
export function hasFilters(filters: Filters) {
  return Boolean(filters.since || filters.until || filters.exercise || filters.form || filters.recorded || filters.tag || filters.completed);
}

/**
 * Variables of the query SESSION_LIST.
 * @param who time zone of the days, and athlete; null for all athletes
 */
export function queryVariables(filters: Filters, { zone, athlete }: {zone: string, athlete: string | null}) {
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

/** URL of the export of all sessions that match the filters, on all pages. */
export function exportPath(filters: Filters, who: {zone: string, athlete: string | null}, format: "csv" | "json") {
  const { athlete, exercise, filter } = queryVariables(filters, who);
  const query = { format, athlete, exercise, sort: filters.sort, ascending: filters.ascending, ...filter };
  const parameters = Object.entries(query).filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]);
  return `/v1/sessions/export?${new URLSearchParams(parameters)}`;
}
