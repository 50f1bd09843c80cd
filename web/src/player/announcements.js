/**
 * Spoken announcements of the player: short sentences, all known to the server's voice.
 * @module
 */

import { MOST_COUNTED } from "../coach/sentences.js";
import { t } from "../i18n/l10n.js";
import { current } from "./state-machine.js";

/** @typedef {import("./state-machine.js").Guided} Guided */
/** @typedef {import("../workouts/plan.js").Step} Step */

/** @param {number} number @param {Step["unit"]} unit */
function amount(number, unit) {
  if (unit === "hold") return t(number === 1 ? "say-second" : "say-seconds", { number });
  return t(number === 1 ? "say-rep" : "say-reps", { number });
}

/** Before a set. @param {Step} step @param {string} name of the exercise */
export function briefing({ set, sets, target, unit }, name) {
  return [t("say-ready"), t("say-exercise", { name }), t("say-set", { number: set, sets }), amount(target, unit)];
}

/**
 * After a set: the goal that was reached, and the rest that begins.
 * @param {Guided} before @param {Guided} next @param {{isReached: boolean, nameOf: (exerciseId: string) => string}} how @returns {string[]}
 */
export function over(before, next, { isReached, nameOf }) {
  const step = /** @type {Step} */ (current(before));
  const coming = before.steps[before.at === next.at ? next.at + 1 : next.at]; // the amount may have to be entered first
  const rests = next.restEndsMs !== null && step.restS > 0 && coming;
  return [...(isReached ? reached(step) : []), ...(rests ? resting(step.restS, nameOf(coming.exerciseId)) : [])];
}

/** When the goal is reached. @param {Step} step */
export function reached({ target, unit }) {
  return [amount(target, unit), t("say-done")];
}

/** When a rest begins. @param {number} seconds @param {string} name of the next exercise */
export function resting(seconds, name) {
  return [t("say-rest"), amount(seconds, "hold"), t("say-next", { name })];
}

/** When a rest is over and the next set does not start by itself. */
export const RESTED = [t("say-rested")];

/** A counted repetition. @param {number} number */
export function count(number) {
  return [t("say-count", { number })];
}

/** Sentences to load for the next set: `soon` first, then `later`. @param {Step} step @param {string} name of its exercise */
export function ahead(step, name) {
  const counts = step.unit === "hold" ? [] : Array.from({ length: Math.min(step.target, MOST_COUNTED) }, (_, index) => count(index + 1));
  return { soon: briefing(step, name), later: [reached(step), resting(step.restS, name), RESTED, ...counts].flat() };
}
