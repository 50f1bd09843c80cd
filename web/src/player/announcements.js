/**
 * What a voice says to guide through a workout: short sentences, one after another, each of them one
 * that the server's voice knows.
 * @module
 */

import { MOST_COUNTED, SENTENCES } from "../coach/sentences.js";
import { current } from "./state-machine.js";

/** @typedef {import("./state-machine.js").Guided} Guided */
/** @typedef {import("../workouts/plan.js").Step} Step */

/** @param {string} sentence @param {Record<string, string | number>} values what its braces stand for */
function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** @param {number} number @param {Step["unit"]} unit */
function amount(number, unit) {
  const [one, many] = unit === "hold" ? [SENTENCES.second, SENTENCES.seconds] : [SENTENCES.rep, SENTENCES.reps];
  return filled(number === 1 ? one : many, { number });
}

/** Before a set. @param {Step} step @param {string} name Of the exercise. */
export function briefing({ set, sets, target, unit }, name) {
  return [SENTENCES.ready, filled(SENTENCES.exercise, { name }), filled(SENTENCES.set, { number: set, sets }), amount(target, unit)];
}

/**
 * When a set is over: that all was done which was wanted, and the rest that begins.
 * @param {Guided} before @param {Guided} next @param {{isReached: boolean, nameOf: (exerciseId: string) => string}} how @returns {string[]}
 */
export function over(before, next, { isReached, nameOf }) {
  const step = /** @type {Step} */ (current(before));
  const coming = before.steps[before.at === next.at ? next.at + 1 : next.at]; // how much it was may have to be said first
  const rests = next.restEndsMs !== null && step.restS > 0 && coming;
  return [...(isReached ? reached(step) : []), ...(rests ? resting(step.restS, nameOf(coming.exerciseId)) : [])];
}

/** Once all that was wanted is done. @param {Step} step */
export function reached({ target, unit }) {
  return [amount(target, unit), SENTENCES.done];
}

/** When a rest begins. @param {number} seconds @param {string} name Of the exercise that comes next. */
export function resting(seconds, name) {
  return [SENTENCES.rest, amount(seconds, "hold"), filled(SENTENCES.next, { name })];
}

/** When a rest is over, and the next set does not begin by itself. */
export const RESTED = [SENTENCES.rested];

/** One more repetition. @param {number} number */
export function count(number) {
  return [filled(SENTENCES.count, { number })];
}

/** What the set that comes needs: `soon`, before anything else may be said, and `later`. @param {Step} step @param {string} name Of its exercise. */
export function ahead(step, name) {
  const counts = step.unit === "hold" ? [] : Array.from({ length: Math.min(step.target, MOST_COUNTED) }, (_, index) => count(index + 1));
  return { soon: briefing(step, name), later: [reached(step), resting(step.restS, name), RESTED, ...counts].flat() };
}
