/**
 * Filters of the history page: from and to the URL, and links to the matching sessions.
 * @module
 */

import { isDay, type Period } from "../i18n/calendar.ts";
import { formatSearch as listSearch, parseFilters } from "../session/filters.ts";

export type Measure = "repetitions" | "verified" | "sessions" | "time" | "energy" | "form";
export type Best = "repetitions" | "load" | "hold" | "form";
export interface View {
  period: Period;
  /** a day in the last period to show; "" for today */
  until: string;
  measure: Measure;
  /** year of the heat map; "" for the last twelve months */
  year: string;
  /** exercise of the progress chart; "" for the one with most sessions */
  exercise: string;
  /** measure of the progress chart; "" for the first available */
  best: Best | "";
}

/** Validators of the query parameters. */
const WORDS: Record<keyof View, (word: string) => boolean> = {
  period: (word) => ["DAY", "WEEK", "MONTH", "YEAR"].includes(word),
  until: isDay,
  measure: (word) => ["repetitions", "verified", "sessions", "time", "energy", "form"].includes(word),
  year: (word) => isDay(`${word}-01-01`),
  exercise: (word) => word !== "",
  best: (word) => ["repetitions", "load", "hold", "form"].includes(word),
};

const DEFAULTS: View = { period: "WEEK", until: "", measure: "repetitions", year: "", exercise: "", best: "" };

/** Parse the filters; invalid parameters get their default. @param search `location.search` */
export function viewOf(search: string): View {
  const parameters = new URLSearchParams(search);
  const valid = Object.entries(WORDS).filter(([word, is]) => is(parameters.get(word) ?? ""));
  return { ...DEFAULTS, ...Object.fromEntries(valid.map(([word]) => [word, parameters.get(word)])) };
}

/** Serialize the filters; defaults are left out. @returns with its `?`, or "" */
export function formatSearch(view: View): string {
  const words = Object.keys(WORDS) as (keyof View)[];
  const parameters = words.filter((word) => view[word] !== DEFAULTS[word]).map((word) => [word, view[word]]);
  return parameters.length ? `?${new URLSearchParams(parameters)}` : "";
}

/** Filters of the session list for a number: completed sessions, with the days of totals. */
export function completedSessionFilters({ since = "", until = "", exercise = "" }: {since?: string, until?: string, exercise?: string}) {
  return { ...parseFilters(""), since, until, exercise, completed: "yes" as const, days: "own" as const };
}

/** URL of the session list for a number. */
export function sessionListUrl(wanted: {since?: string, until?: string, exercise?: string}) {
  return `/session_list.html${listSearch(completedSessionFilters(wanted))}`;
}

/** URL of a session. */
export function sessionUrl(id: string) {
  return `/#session=${encodeURIComponent(id)}`;
}
