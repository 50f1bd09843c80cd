/**
 * Filters of the leaderboards: from and to the URL, and as GraphQL variables.
 * @module
 */

import "./texts.js";
import { isDay, todayIn } from "../i18n/calendar.js";
import { clockZone } from "../i18n/display-settings.js";
import { t } from "../i18n/l10n.js";
import { enumValue } from "../api/queries.js";

/** @typedef {"repetitions" | "sessions" | "form" | "streak"} Measure */
/** @typedef {"day" | "week" | "month"} Period */
/**
 * @typedef {object} Filters
 * @property {Measure} measure
 * @property {Period} period
 * @property {string} exercise exercise ID; "" for all
 * @property {string} on a day of the period, as YYYY-MM-DD; "" for today
 * @property {boolean} around only the ranks around the user
 */

/** @type {Record<Measure, string>} */
export const MEASURES = { repetitions: t("boards-repetitions"), sessions: t("boards-sessions"), form: t("boards-form"), streak: t("boards-streak") };

/** @type {Record<Period, string>} */
export const PERIODS = { day: t("period-day"), week: t("period-week"), month: t("period-month") };

/** Parse the filters; invalid parameters get their default. @param {string} search `location.search` @returns {Filters} */
export function parseFilters(search) {
  const parameters = new URLSearchParams(search);
  const one = (/** @type {string} */ name, /** @type {object} */ allowed, /** @type {string} */ usual) => (Object.hasOwn(allowed, parameters.get(name) ?? "") ? parameters.get(name) : usual);
  return {
    measure: /** @type {Measure} */ (one("measure", MEASURES, "repetitions")),
    period: /** @type {Period} */ (one("period", PERIODS, "week")),
    exercise: parameters.get("exercise") ?? "",
    on: isDay(parameters.get("on") ?? "") ? parameters.get("on") ?? "" : "",
    around: parameters.get("around") === "me",
  };
}

/** Serialize the filters; defaults are left out. @param {Filters} filters @returns {string} with its `?`, or "" */
export function formatSearch({ measure, period, exercise, on, around }) {
  const parameters = new URLSearchParams({
    ...(measure !== "repetitions" && { measure }), ...(period !== "week" && { period }),
    ...(exercise && { exercise }), ...(on && { on }), ...(around && { around: "me" }),
  });
  return parameters.size ? `?${parameters}` : "";
}

/** @param {Filters} filters @param {string} today @param {number} first @param {string | null} after a cursor */
export function queryVariables({ measure, period, exercise, on, around }, today, first, after) {
  return { measure: enumValue(measure), period: enumValue(period), exercise: exercise || null, on: on || today, first, after, around: around && !after };
}

/** Today in the user's time zone, as YYYY-MM-DD. */
export function today() {
  return todayIn(clockZone());
}

/** A day of the period `by` periods later. @param {Filters} filters @param {string} today @param {number} by @returns {string} */
export function shiftDay({ period, on }, today, by) {
  const [year, month, day] = (on || today).split("-").map(Number);
  const date = period === "month" ? [month - 1 + by, 1] : [month - 1, day + by * (period === "week" ? 7 : 1)];
  return new Date(Date.UTC(year, date[0], date[1])).toISOString().slice(0, 10);
}
