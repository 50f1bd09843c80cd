/**
 * Previous results of an exercise: the last session and the records.
 * @module
 */

import { weight, type Units } from "../i18n/units.ts";
import { amountWords, type Step } from "../workouts/plan.ts";

type LastSet = {repetitions: number, heldMs: number, loadKg: number | null, form: number | null};
/** a record and its session */
type Best = {best: number, sessionId: string, at: string};
export type ExerciseProgress = {exerciseId: string, sessions: number, lastAt: string, lastSets: LastSet[], mostRepetitions: Best | null, heaviestKg: Best | null, longestHoldMs: Best | null, bestForm: Best | null};
/** amounts in the unit of the step; null if there is none */
export type Before = {last: number | null, record: number | null, loadKg: number | null, heaviestKg: number | null};

const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

/**
 * The same set of the last session, or its last set if there were fewer.
 * @returns null for the first time
 */
export function beforeOf(progress: ExerciseProgress | null | undefined, { set, unit }: Step): Before | null {
  if (!progress) return null;
  const { lastSets, mostRepetitions, longestHoldMs, heaviestKg } = progress;
  const last = lastSets[set - 1] ?? lastSets.at(-1) ?? null;
  const amount = last && (unit === "hold" ? seconds(last.heldMs) : last.repetitions);
  const record = unit === "hold" ? seconds(longestHoldMs?.best ?? 0) : mostRepetitions?.best;
  return { last: amount || null, record: record || null, loadKg: last?.loadKg ?? null, heaviestKg: heaviestKg?.best ?? null };
}

/** Describe the records that were set in a session; the first session of an exercise has nothing to beat. */
export function recordsOf({ sessions, mostRepetitions, heaviestKg, longestHoldMs }: ExerciseProgress, sessionId: string, units: Units): string[] {
  if (sessions <= 1) return [];
  const records: [Best | null, (best: number) => string][] = [
    [mostRepetitions, (best) => amountWords(best, "repetitions")],
    [heaviestKg, (best) => weight(best, units)],
    [longestHoldMs, (best) => amountWords(seconds(best), "hold")],
  ];
  return records.flatMap(([record, words]) => (record?.sessionId === sessionId && record.best > 0 ? [words(record.best)] : []));
}

/** The default amount of a set that was not counted: its goal, whatever was done last time. */
export function suggestedAmount(step: Step) {
  return step.target;
}
