/**
 * Labels of leaderboards: figures, periods and ranks.
 * @module
 */

import { calendarDay, number, percent } from "../i18n/format.ts";
import { LANGUAGE, t } from "../i18n/l10n.ts";
import type { Measure, Period } from "./filters.ts";

const FORMATS: Record<Measure, (figure: number) => string> = {
  repetitions: (figure) => t("count-repetitions", { count: figure }),
  sessions: (figure) => t("count-sessions", { count: figure }),
  form: percent,
  streak: (figure) => t("count-days", { count: figure }),
};

/** Format a figure without its unit, which the column heading names. */
export function formatNumber(measure: Measure, figure: number): string {
  return measure === "form" ? percent(figure) : number(figure);
}

export function formatFigure(measure: Measure, figure: number): string {
  return FORMATS[measure](figure);
}

/** Format the days of a period, as "16 – 22 November 2026". */
export function daysOf(period: Period, start: string, end: string) {
  const full = { day: "numeric", month: "long", year: "numeric" } as const;
  if (period === "day") return calendarDay(start, { weekday: "long", ...full });
  if (period === "month") return calendarDay(start, { month: "long", year: "numeric" });
  const isOneMonth = start.slice(0, 7) === end.slice(0, 7);
  return `${calendarDay(start, isOneMonth ? { day: "numeric" } : { day: "numeric", month: "long" })} – ${calendarDay(end, full)}`;
}

const PLACES = new Intl.PluralRules("en", { type: "ordinal" });
const ENDINGS: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd", other: "th" };

/** Format a rank as the sentence about it needs it. @returns "1st" and "22nd" in English, else digits */
export function place(rank: number): string {
  if (LANGUAGE !== "en") return number(rank);
  return `${rank}${ENDINGS[PLACES.select(rank)]}`;
}
