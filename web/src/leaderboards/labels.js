/**
 * Labels of leaderboards: figures, periods and ranks.
 * @module
 */

import { calendarDay, number, percent } from "../i18n/format.js";
import { LANGUAGE, t } from "../i18n/l10n.js";

/** @typedef {import("./filters.js").Measure} Measure */
/** @typedef {import("./filters.js").Period} Period */

/** @type {Record<Measure, (figure: number) => string>} */
const FORMATS = {
  repetitions: (figure) => t("count-repetitions", { count: figure }),
  sessions: (figure) => t("count-sessions", { count: figure }),
  form: percent,
  streak: (figure) => t("count-days", { count: figure }),
};

/** Format a figure without its unit, which the column heading names. @param {Measure} measure @param {number} figure @returns {string} */
export function formatNumber(measure, figure) {
  return measure === "form" ? percent(figure) : number(figure);
}

/** @param {Measure} measure @param {number} figure @returns {string} */
export function formatFigure(measure, figure) {
  return FORMATS[measure](figure);
}

/** Format the days of a period, as "16 – 22 November 2026". @param {Period} period @param {string} start @param {string} end */
export function daysOf(period, start, end) {
  const full = /** @type {const} */ ({ day: "numeric", month: "long", year: "numeric" });
  if (period === "day") return calendarDay(start, { weekday: "long", ...full });
  if (period === "month") return calendarDay(start, { month: "long", year: "numeric" });
  const isOneMonth = start.slice(0, 7) === end.slice(0, 7);
  return `${calendarDay(start, isOneMonth ? { day: "numeric" } : { day: "numeric", month: "long" })} – ${calendarDay(end, full)}`;
}

const PLACES = new Intl.PluralRules("en", { type: "ordinal" });
/** @type {Partial<Record<Intl.LDMLPluralRule, string>>} */
const ENDINGS = { one: "st", two: "nd", few: "rd", other: "th" };

/** Format a rank as the sentence about it needs it. @param {number} rank @returns {string} "1st" and "22nd" in English, else digits */
export function place(rank) {
  if (LANGUAGE !== "en") return number(rank);
  return `${rank}${ENDINGS[PLACES.select(rank)]}`;
}
