/**
 * Resuming a workout from the server's state, after a reload or on another device.
 * @module
 */

import { isBegun } from "./state-machine.js";
import { stepsOf } from "../workouts/plan.js";

/** @typedef {import("./state-machine.js").Done} Done */
/** @typedef {import("./state-machine.js").Guided} Guided */
/** @typedef {import("../workouts/plan.js").Line} Line */
/** @typedef {{number: number | null, accepted: boolean, byHand: boolean, startMs: number, reason: string | null}} Movement */
/** @typedef {{number: number, line: number | null, exerciseId: string, status: "underway" | "completed", source: string, repetitions: number, rejected: number, heldMs: number, movements: Movement[]}} ExecutedSet */
/**
 * Response of `GET /v1/workouts/{id}`.
 * @typedef {object} Execution
 * @property {string} id
 * @property {string | null} workoutId prescription; null for a workout that a trainer assigned
 * @property {string} athleteId
 * @property {"underway" | "completed"} status
 * @property {string} startedAt on the server's clock
 * @property {number} nowMs milliseconds since the session started, on the server's clock
 * @property {(Line & {line: number, performed: number, skipped: number})[]} lines
 * @property {ExecutedSet[]} sets
 * @property {{afterSet: number, startedMs: number, plannedS: number} | null} rest
 * @property {{set: number, line: number, round: number} | null} next the set after the open one
 * @property {{path: string, body: object}} [start] the command that starts it, if it began while the server was unreachable
 */

/** The set in progress; null between sets. @param {Execution} execution @returns {ExecutedSet | null} */
export function openSet(execution) {
  return execution.sets.find(({ status }) => status === "underway") ?? null;
}

/** Amount of a set in the unit of its step. @param {ExecutedSet} set @param {"repetitions" | "hold"} unit */
export function amountOf({ repetitions, heldMs }, unit) {
  return unit === "hold" ? Math.floor(heldMs / 1000) : repetitions;
}

/** Amounts of the completed sets, by set number. @param {Execution} execution @param {readonly import("../workouts/plan.js").Step[]} steps @param {readonly Done[]} done @returns {Map<number, number>} */
export function amountsOf(execution, steps, done) {
  const over = new Map(execution.sets.filter(({ status }) => status === "completed").map((set) => [set.number, set]));
  /** @type {Map<number, number>} */
  const amounts = new Map();
  for (const { at, set } of done) {
    const match = set === null ? undefined : over.get(set);
    if (match) amounts.set(match.number, amountOf(match, steps[at].unit));
  }
  return amounts;
}

/** Camera count of a set, without the athlete's corrections. @param {ExecutedSet} set */
export function seenOf({ movements }) {
  return movements.filter(({ number, byHand }) => number !== null && !byHand).length;
}

/**
 * Whether another device continued the workout. Call it when no request is pending. A camera set may have
 * ended here before the server knows, so an open set proves nothing.
 * @param {Guided} guided @param {Execution} execution
 */
export function hasMoved(guided, execution) {
  const { sets } = execution;
  if (sets.length !== guided.sets) return true;
  if (isBegun(guided)) return openSet(execution) === null;
  return openSet(execution) === null && place(execution, stepsOf(execution.lines)) !== guided.at;
}

/** Convert an execution to the state of the player. @param {Execution} execution @param {number} nowMs on the clock of `Date.now()` @returns {Guided} */
export function toGuidedState(execution, nowMs) {
  const planned = stepsOf(execution.lines);
  const open = openSet(execution);
  const steps = performedSteps(planned, execution);
  const at = place(execution, steps) - (open ? 1 : 0);
  const done = doneBefore(execution, steps, at);
  const restEndsMs = restEnd(execution, nowMs);
  const isOver = execution.status === "completed" || (at >= steps.length && !open);
  const phase = isOver ? "over" : !open && restEndsMs !== null && restEndsMs > nowMs ? "rest" : "instructions";
  return {
    steps, at, phase, done, sets: execution.sets.length, isOpen: open !== null, isPaused: false,
    amount: open && steps[at]?.unit === "repetitions" ? open.repetitions : 0,
    restEndsMs: phase === "rest" ? restEndsMs : null,
  };
}

/** The steps with the exercises that were performed in place of others: those left of a line go on with its latest exercise. @param {readonly import("../workouts/plan.js").Step[]} planned @param {Execution} execution */
function performedSteps(planned, { sets }) {
  return planned.map((step) => {
    const ofLine = sets.filter(({ line }) => line === step.line + 1);
    const exerciseId = (ofLine[step.set - 1] ?? ofLine.at(-1))?.exerciseId ?? step.exerciseId;
    return exerciseId === step.exerciseId ? step : { ...step, exerciseId, loadKg: null };
  });
}

/** Index of the step that the server names next, or the number of steps. @param {Execution} execution @param {Guided["steps"]} steps */
function place({ next }, steps) {
  if (!next) return steps.length;
  return steps.findIndex(({ line, set }) => line === next.line - 1 && set === next.round);
}

/** Results of the steps before `at`: per line first the completed sets, then the skipped ones. @param {Execution} execution @param {Guided["steps"]} steps @param {number} at @returns {Done[]} */
function doneBefore({ sets }, steps, at) {
  const left = sets.filter(({ status }) => status === "completed");
  return steps.slice(0, at).map(({ line, unit }, index) => {
    const match = left.findIndex((set) => set.line === line + 1);
    const [set] = match < 0 ? [] : left.splice(match, 1);
    if (!set) return { at: index, set: null, amount: 0, isSkipped: true, by: null };
    return { at: index, set: set.number, amount: amountOf(set, unit), isSkipped: false, by: set.source === "manual" ? "hand" : "camera" };
  });
}

/** End of the rest on this device's clock. @param {Execution} execution @param {number} nowMs */
function restEnd({ rest, nowMs: serverMs }, nowMs) {
  return rest && nowMs + rest.startedMs + 1000 * rest.plannedS - serverMs;
}
