/**
 * Workout plan: converts the lines of a prescription to single sets.
 * @module
 */

import { t } from "../i18n/l10n.js";

/**
 * One line of a prescription, with a target in repetitions or in seconds of a hold.
 * @typedef {{exerciseId: string, sets: number, targetRepetitions: number | null, targetHoldS: number | null, restS: number, loadKg?: number | null}} Line
 */
/**
 * One set of the plan.
 * @typedef {object} Step
 * @property {number} line index of the line in the prescription, from 0
 * @property {number} set number within the line, from 1
 * @property {number} sets number of sets of the line
 * @property {string} exerciseId
 * @property {"repetitions" | "hold"} unit unit of target and amount; a hold is measured in seconds
 * @property {number} target
 * @property {number | null} [loadKg] prescribed load; without it, the athlete chooses
 * @property {number} restS rest before the next step; none after the last
 */

/** List the sets of a prescription in order. @param {Line[]} lines @returns {Step[]} */
export function stepsOf(lines) {
  return lines.flatMap(({ exerciseId, sets, targetRepetitions, targetHoldS, restS, loadKg }, line) =>
    Array.from({ length: sets }, (_, index) => ({
      line, set: index + 1, sets, exerciseId, restS, ...(typeof loadKg === "number" && { loadKg }),
      unit: targetRepetitions === null ? /** @type {const} */ ("hold") : /** @type {const} */ ("repetitions"),
      target: targetRepetitions ?? targetHoldS ?? 0,
    })));
}

/** Format an amount, as "10 repetitions" or "1 second". @param {number} amount @param {Step["unit"]} unit */
export function amountWords(amount, unit) {
  
  return t(unit === "hold" ? "count-seconds" : "count-repetitions", { count: amount });
}

/** Format the position, as "Set 2 of 3". @param {Step} step */
export function placeWords({ set, sets }) {
  return t("set-of", { set, sets });
}

/** Estimate the duration of a plan, with three seconds per repetition. @param {Line[]} lines @returns {number} whole minutes, at least 1 */
export function minutesOf(lines) {
  const steps = stepsOf(lines);
  const working = steps.reduce((sum, { unit, target }) => sum + (unit === "hold" ? target : 3 * target), 0);
  const resting = steps.slice(0, -1).reduce((sum, { restS }) => sum + restS, 0);
  return Math.max(1, Math.round((working + resting) / 60));
}
