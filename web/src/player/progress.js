/**
 * Previous results of an exercise: the last session and the records.
 * @module
 */

import { weight } from "../i18n/units.js";
import { amountWords } from "../workouts/plan.js";

/** @typedef {import("../workouts/plan.js").Step} Step */
/** @typedef {{repetitions: number, heldMs: number, loadKg: number | null, form: number | null}} LastSet */
/** @typedef {{best: number, sessionId: string, at: string}} Best a record and its session */
/** @typedef {{exerciseId: string, sessions: number, lastAt: string, lastSets: LastSet[], mostRepetitions: Best | null, heaviestKg: Best | null, longestHoldMs: Best | null, bestForm: Best | null}} ExerciseProgress */
/** @typedef {{last: number | null, record: number | null, loadKg: number | null, heaviestKg: number | null}} Before amounts in the unit of the step; null if there is none */

/** @param {number} milliseconds */
const seconds = (milliseconds) => Math.floor(milliseconds / 1000);

/**
 * The same set of the last session, or its last set if there were fewer.
 * @param {ExerciseProgress | null | undefined} progress @param {Step} step @returns {Before | null} null for the first time
 */
export function beforeOf(progress, { set, unit }) {
  if (!progress) return null;
  const { lastSets, mostRepetitions, longestHoldMs, heaviestKg } = progress;
  const last = lastSets[set - 1] ?? lastSets.at(-1) ?? null;
  const amount = last && (unit === "hold" ? seconds(last.heldMs) : last.repetitions);
  const record = unit === "hold" ? seconds(longestHoldMs?.best ?? 0) : mostRepetitions?.best;
  return { last: amount || null, record: record || null, loadKg: last?.loadKg ?? null, heaviestKg: heaviestKg?.best ?? null };
}

/** Describe the records that were set in a session; the first session of an exercise has nothing to beat. @param {ExerciseProgress} progress @param {string} sessionId @param {import("../i18n/units.js").Units} units @returns {string[]} */
export function recordsOf({ sessions, mostRepetitions, heaviestKg, longestHoldMs }, sessionId, units) {
  if (sessions <= 1) return [];
  /** @type {[Best | null, (best: number) => string][]} */
  const records = [
    [mostRepetitions, (best) => amountWords(best, "repetitions")],
    [heaviestKg, (best) => weight(best, units)],
    [longestHoldMs, (best) => amountWords(seconds(best), "hold")],
  ];
  return records.flatMap(([record, words]) => (record?.sessionId === sessionId && record.best > 0 ? [words(record.best)] : []));
}

/** The default amount of a set that was not counted: its goal, whatever was done last time. @param {Step} step */
export function suggestedAmount(step) {
  return step.target;
}
