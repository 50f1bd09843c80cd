/**
 * Sums of periods: measures, formatting, comparison and totals.
 * @module
 */

import { energy, length, number } from "../i18n/format.js";

/** @typedef {import("../api/graphql.js").Result<typeof import("../api/queries.js").TOTALS>["totals"][number]} Sum */
/** @typedef {{label: string, unit: string, value: (sum: Sum) => number | null, text: (value: number) => string, drawn?: (value: number) => string, isMean?: boolean}} MeasureFormat `text` includes the unit; `drawn` is the short form above a bar; a mean does not grow with time */

const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const MINUTE_MS = 60_000;

/** @type {Record<import("./filters.js").Measure, MeasureFormat>} */
export const MEASURES = {
  repetitions: { label: "Repetitions", unit: "", value: (sum) => sum.repetitions, text: number },
  verified: { label: "Verified repetitions", unit: "", value: (sum) => sum.verifiedRepetitions, text: number },
  sessions: { label: "Sessions", unit: "", value: (sum) => sum.sessions, text: number },
  time: { label: "Time", unit: "minutes", value: (sum) => sum.durationMs, text: length, drawn: (value) => short.format(value / MINUTE_MS) },
  energy: { label: "Energy", unit: "kcal", value: (sum) => sum.caloriesKcal, text: energy },
  form: { label: "Form", unit: "percent", isMean: true, value: (sum) => sum.accuracy, text: (value) => `${Math.round(100 * value)} %`, drawn: (value) => String(Math.round(100 * value)) },
};

/** Short form of a value, for above a bar. @param {MeasureFormat} measure @param {number} value */
export function drawn(measure, value) {
  return measure.drawn ? measure.drawn(value) : short.format(value);
}

/** An empty sum. @param {string} start @returns {Sum} */
export function nothing(start) {
  return { start, sessions: 0, repetitions: 0, verifiedRepetitions: 0, durationMs: 0, caloriesKcal: 0, accuracy: null };
}

/**
 * Compare a value with that of the previous period, in words; null if there is nothing to compare. While a
 * period is still running, a smaller value is not shown as a decrease.
 * @param {MeasureFormat} measure @param {Sum} now @param {Sum} before @param {string} unit "week" @param {boolean} [goesOn]
 * @returns {string | null}
 */
export function compared(measure, now, before, unit, goesOn = false) {
  const [value, past] = [measure.value(now), measure.value(before)];
  if (!past) return past === 0 && value ? `none the ${unit} before` : null;
  if (value === null) return `the ${unit} before: ${measure.text(past)}`;
  if (goesOn && value < past && !measure.isMean) return `the whole ${unit} before: ${measure.text(past)}`;
  const share = Math.round((100 * (value - past)) / past);
  const than = `the ${unit} before: ${measure.text(past)}`;
  return share === 0 ? `as ${than}` : `${share > 0 ? "▲" : "▼"} ${Math.abs(share)} % · ${than}`;
}

/** Add up all periods, except form. @param {Sum[]} sums @returns {Sum} */
export function together(sums) {
  const add = (/** @type {(sum: Sum) => number} */ of) => sums.reduce((whole, sum) => whole + of(sum), 0);
  return {
    ...nothing(sums[0]?.start ?? ""),
    sessions: add((sum) => sum.sessions), repetitions: add((sum) => sum.repetitions), verifiedRepetitions: add((sum) => sum.verifiedRepetitions),
    durationMs: add((sum) => sum.durationMs), caloriesKcal: add((sum) => sum.caloriesKcal),
  };
}
