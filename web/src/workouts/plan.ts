/**
 * Workout plan: converts the lines of a prescription to single sets.
 * @module
 */

import { t } from "../i18n/l10n.ts";

/** One line of a prescription, with a target in repetitions or in seconds of a hold. */
export type Line = {exerciseId: string, sets: number, targetRepetitions: number | null, targetHoldS: number | null, restS: number, loadKg?: number | null, targetRpe?: number | null, note?: string};
/** One set of the plan. */
export interface Step {
  /** index of the line in the prescription, from 0 */
  line: number;
  /** number within the line, from 1 */
  set: number;
  /** number of sets of the line */
  sets: number;
  exerciseId: string;
  /** unit of target and amount; a hold is measured in seconds */
  unit: "repetitions" | "hold";
  target: number;
  /** prescribed load; without it, the athlete chooses */
  loadKg?: number | null;
  /** how hard the set should feel, from 1 to 10 */
  targetRpe?: number | null;
  /** rest before the next step; none after the last */
  restS: number;
}

/** List the sets of a prescription in order. */
export function stepsOf(lines: Line[]): Step[] {
  return lines.flatMap(({ exerciseId, sets, targetRepetitions, targetHoldS, restS, loadKg, targetRpe }, line) =>
    Array.from({ length: sets }, (_, index) => ({
      line, set: index + 1, sets, exerciseId, restS, ...(typeof loadKg === "number" && { loadKg }), ...(typeof targetRpe === "number" && { targetRpe }),
      unit: targetRepetitions === null ? "hold" as const : "repetitions" as const,
      target: targetRepetitions ?? targetHoldS ?? 0,
    })));
}

/** Format an amount, as "10 repetitions" or "1 second". */
export function amountWords(amount: number, unit: Step["unit"]) {
  
  return t(unit === "hold" ? "count-seconds" : "count-repetitions", { count: amount });
}

/** Format the position, as "Set 2 of 3". */
export function placeWords({ set, sets }: Step) {
  return t("set-of", { set, sets });
}

/** Estimate the duration of a plan, with three seconds per repetition. @returns whole minutes, at least 1 */
export function minutesOf(lines: Line[]): number {
  const steps = stepsOf(lines);
  const working = steps.reduce((sum, { unit, target }) => sum + (unit === "hold" ? target : 3 * target), 0);
  const resting = steps.slice(0, -1).reduce((sum, { restS }) => sum + restS, 0);
  return Math.max(1, Math.round((working + resting) / 60));
}
