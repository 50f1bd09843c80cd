/**
 * Labels of leaderboards: figures, periods and ranks.
 * @module
 */

import { calendarDay, counted, number, percent } from "../i18n/format.js";

/** @typedef {import("./filters.js").Measure} Measure */
/** @typedef {import("./filters.js").Period} Period */

/** @type {Record<Measure, (figure: number) => string>} */
const FORMATS = {
  repetitions: (figure) => counted(figure, "repetition"),
  sessions: (figure) => counted(figure, "session"),
  form: percent,
  streak: (figure) => counted(figure, "day"),
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

/** @param {number} rank @returns {string} "1st", "22nd" */
export function place(rank) {
  return `${rank}${ENDINGS[PLACES.select(rank)]}`;
}
