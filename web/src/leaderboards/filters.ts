/**
 * Filters of the leaderboards: from and to the URL, and as GraphQL variables.
 * @module
 */

import "./texts.ts";
import { isDay, todayIn } from "../i18n/calendar.ts";
import { clockZone } from "../i18n/display-settings.ts";
import { t } from "../i18n/l10n.ts";
import { enumValue } from "../api/queries.ts";

export type Measure = "repetitions" | "sessions" | "form" | "streak";
export type Period = "day" | "week" | "month";
export interface Filters {
  measure: Measure;
  period: Period;
  /** exercise ID; "" for all */
  exercise: string;
  /** a day of the period, as YYYY-MM-DD; "" for today */
  on: string;
  /** only the ranks around the user */
  around: boolean;
}

export const MEASURES: Record<Measure, string> = { repetitions: t("boards-repetitions"), sessions: t("boards-sessions"), form: t("boards-form"), streak: t("boards-streak") };

export const PERIODS: Record<Period, string> = { day: t("period-day"), week: t("period-week"), month: t("period-month") };

/** Parse the filters; invalid parameters get their default. @param search `location.search` */
export function parseFilters(search: string): Filters {
  const parameters = new URLSearchParams(search);
  const one = (name: string, allowed: object, usual: string) => (Object.hasOwn(allowed, parameters.get(name) ?? "") ? parameters.get(name) : usual);
  return {
    measure: one("measure", MEASURES, "repetitions") as Measure,
    period: one("period", PERIODS, "week") as Period,
    exercise: parameters.get("exercise") ?? "",
    on: isDay(parameters.get("on") ?? "") ? parameters.get("on") ?? "" : "",
    around: parameters.get("around") === "me",
  };
}

/** Serialize the filters; defaults are left out. @returns with its `?`, or "" */
export function formatSearch({ measure, period, exercise, on, around }: Filters): string {
  const parameters = new URLSearchParams({
    ...(measure !== "repetitions" && { measure }), ...(period !== "week" && { period }),
    ...(exercise && { exercise }), ...(on && { on }), ...(around && { around: "me" }),
  });
  return parameters.size ? `?${parameters}` : "";
}

/** @param after a cursor */
export function queryVariables({ measure, period, exercise, on, around }: Filters, today: string, first: number, after: string | null) {
  return { measure: enumValue(measure), period: enumValue(period), exercise: exercise || null, on: on || today, first, after, around: around && !after };
}

/** Today in the user's time zone, as YYYY-MM-DD. */
export function today() {
  return todayIn(clockZone());
}

/** A day of the period `by` periods later. */
export function shiftDay({ period, on }: Filters, today: string, by: number): string {
  const [year, month, day] = (on || today).split("-").map(Number);
  const date = period === "month" ? [month - 1 + by, 1] : [month - 1, day + by * (period === "week" ? 7 : 1)];
  return new Date(Date.UTC(year, date[0], date[1])).toISOString().slice(0, 10);
}
