/**
 * Which leaderboard somebody wants to see: as an address says it, and as the graph is asked for it.
 * @module
 */

import { isDay, todayIn } from "../i18n/calendar.js";
import { clockZone } from "../i18n/display-settings.js";

/** @typedef {"repetitions" | "sessions" | "form" | "streak"} Measure */
/** @typedef {"day" | "week" | "month"} Period */
/**
 * @typedef {object} Wish
 * @property {Measure} measure
 * @property {Period} period
 * @property {string} exercise Its id; "" for all.
 * @property {string} on A day of the period, as YYYY-MM-DD; "" for today.
 * @property {boolean} around Only those around oneself.
 */

/** @type {Record<Measure, string>} */
export const MEASURES = { repetitions: "Repetitions", sessions: "Sessions", form: "Best form", streak: "Days in a row" };

/** @type {Record<Period, string>} */
export const PERIODS = { day: "Day", week: "Week", month: "Month" };

/** Read a wish; what an address cannot mean is as usual. @param {string} search as of `location` @returns {Wish} */
export function wishOf(search) {
  const said = new URLSearchParams(search);
  const one = (name, known, usual) => (Object.hasOwn(known, said.get(name) ?? "") ? said.get(name) : usual);
  return {
    measure: /** @type {Measure} */ (one("measure", MEASURES, "repetitions")),
    period: /** @type {Period} */ (one("period", PERIODS, "week")),
    exercise: said.get("exercise") ?? "",
    on: isDay(said.get("on") ?? "") ? said.get("on") ?? "" : "",
    around: said.get("around") === "me",
  };
}

/** Write a wish; what is as usual is not said. @param {Wish} wish @returns {string} of an address, with its `?`, or "" */
export function searchOf({ measure, period, exercise, on, around }) {
  const said = new URLSearchParams({
    ...(measure !== "repetitions" && { measure }), ...(period !== "week" && { period }),
    ...(exercise && { exercise }), ...(on && { on }), ...(around && { around: "me" }),
  });
  return said.size ? `?${said}` : "";
}

/** @param {Wish} wish @param {string} today @param {number} first @param {string | null} after a cursor */
export function variablesOf({ measure, period, exercise, on, around }, today, first, after) {
  return { measure: measure.toUpperCase(), period: period.toUpperCase(), exercise: exercise || null, on: on || today, first, after, around: around && !after };
}

/** Today by the reader's own clock, wherever the device is, as YYYY-MM-DD. */
export function today() {
  return todayIn(clockZone());
}

/** A day of the period that is so many later. @param {Wish} wish @param {string} today @param {number} by @returns {string} */
export function turned({ period, on }, today, by) {
  const [year, month, day] = (on || today).split("-").map(Number);
  const date = period === "month" ? [month - 1 + by, 1] : [month - 1, day + by * (period === "week" ? 7 : 1)];
  return new Date(Date.UTC(year, date[0], date[1])).toISOString().slice(0, 10);
}
