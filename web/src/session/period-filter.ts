/**
 * Periods of the filter of sessions, such as last week, beside its first and last day.
 * @module
 */

import { addDays, startOf } from "../i18n/calendar.ts";

export type PeriodName = "this-week" | "last-week" | "this-month" | "last-month";
/** first and last day, inclusive, as YYYY-MM-DD; "" for any */
export type Days = {since: string, until: string};

/** By name: unit, and how many units before the current one. */
const PERIODS: Record<PeriodName, ["WEEK" | "MONTH", number]> = {
  "this-week": ["WEEK", 0],
  "last-week": ["WEEK", 1],
  "this-month": ["MONTH", 0],
  "last-month": ["MONTH", 1],
};

/**
 * The days of a period.
 * @param today YYYY-MM-DD
 * @param firstDay first day of the week, 0 for Sunday
 */
export function daysOf(name: PeriodName, today: string, firstDay: number): Days {
  const [unit, ago] = PERIODS[name];
  return { since: startOf(unit, today, -ago, firstDay), until: addDays(startOf(unit, today, 1 - ago, firstDay), -1) };
}

/** @returns "" for all days, "days" for days that are not one of the periods */
export function periodOf({ since, until }: Days, today: string, firstDay: number): PeriodName | "days" | "" {
  if (!since && !until) return "";
  const found = (Object.keys(PERIODS) as PeriodName[]).find((name) => {
    const days = daysOf(name, today, firstDay);
    return days.since === since && days.until === until;
  });
  return found ?? "days";
}

export function isPeriod(name: string): name is PeriodName {
  return Object.hasOwn(PERIODS, name);
}
