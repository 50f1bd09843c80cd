/**
 * Spoken announcements of the player: short sentences, all known to the server's voice.
 * @module
 */

import { MOST_COUNTED } from "../coach/sentences.ts";
import { t } from "../i18n/l10n.ts";
import { current, type Guided } from "./state-machine.ts";
import type { Step } from "../workouts/plan.ts";

function amount(number: number, unit: Step["unit"]) {
  if (unit === "hold") return t(number === 1 ? "say-second" : "say-seconds", { number });
  return t(number === 1 ? "say-rep" : "say-reps", { number });
}

/** Before a set. @param name of the exercise */
export function briefing({ set, sets, target, unit }: Step, name: string) {
  return [t("say-ready"), t("say-exercise", { name }), t("say-set", { number: set, sets }), amount(target, unit)];
}

/** After a set: the goal that was reached, and the rest that begins. */
export function over(before: Guided, next: Guided, { isReached, nameOf }: {isReached: boolean, nameOf: (exerciseId: string) => string}): string[] {
  const step = current(before) as Step;
  const coming = before.steps[before.at === next.at ? next.at + 1 : next.at]; // the amount may have to be entered first
  const rests = next.restEndsMs !== null && step.restS > 0 && coming;
  return [...(isReached ? reached(step) : []), ...(rests ? resting(step.restS, nameOf(coming.exerciseId)) : [])];
}

/** When the goal is reached. */
export function reached({ target, unit }: Step) {
  return [amount(target, unit), t("say-done")];
}

/** When a rest begins. @param name of the next exercise */
export function resting(seconds: number, name: string) {
  return [t("say-rest"), amount(seconds, "hold"), t("say-next", { name })];
}

/** When a rest is over and the next set does not start by itself. */
export const RESTED = [t("say-rested")];

/** A counted repetition. */
export function count(number: number) {
  return [t("say-count", { number })];
}

/** Sentences to load for the next set: `soon` first, then `later`. @param name of its exercise */
export function ahead(step: Step, name: string) {
  const counts = step.unit === "hold" ? [] : Array.from({ length: Math.min(step.target, MOST_COUNTED) }, (_, index) => count(index + 1));
  return { soon: briefing(step, name), later: [reached(step), resting(step.restS, name), RESTED, ...counts].flat() };
}
