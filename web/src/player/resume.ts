/**
 * Resuming a workout from the server's state, after a reload or on another device.
 * @module
 */

import { isBegun, type Done, type Guided } from "./state-machine.ts";
import { stepsOf, type Line, type Step } from "../workouts/plan.ts";

type Movement = {number: number | null, accepted: boolean, byHand: boolean, startMs: number, endMs: number, reason: string | null};
type ExecutedSet = {number: number, line: number | null, exerciseId: string, status: "underway" | "completed", source: string, repetitions: number, rejected: number, heldMs: number, rpe: number | null, startMs: number | null, endMs: number | null, movements: Movement[]};
/** Response of `GET /v1/workouts/{id}`. */
export interface Execution {
  id: string;
  /** prescription; null for a workout that a trainer assigned */
  workoutId: string | null;
  athleteId: string;
  status: "underway" | "completed";
  /** on the server's clock */
  startedAt: string;
  /** milliseconds since the session started, on the server's clock */
  nowMs: number;
  lines: (Line & {line: number, performed: number, skipped: number})[];
  sets: ExecutedSet[];
  rest: {afterSet: number, startedMs: number, plannedS: number} | null;
  /** the set after the open one */
  next: {set: number, line: number, round: number} | null;
  /** the command that starts it, if it began while the server was unreachable */
  start?: {path: string, body: object};
}

/** The set in progress; null between sets. */
export function openSet(execution: Execution): ExecutedSet | null {
  return execution.sets.find(({ status }) => status === "underway") ?? null;
}

/** Amount of a set in the unit of its step. */
export function amountOf({ repetitions, heldMs }: ExecutedSet, unit: "repetitions" | "hold") {
  return unit === "hold" ? Math.floor(heldMs / 1000) : repetitions;
}

/** Amounts of the completed sets, by set number. */
export function amountsOf(execution: Execution, steps: readonly Step[], done: readonly Done[]): Map<number, number> {
  const over = new Map(execution.sets.filter(({ status }) => status === "completed").map((set) => [set.number, set]));
  const amounts: Map<number, number> = new Map();
  for (const { at, set } of done) {
    const match = set === null ? undefined : over.get(set);
    if (match) amounts.set(match.number, amountOf(match, steps[at].unit));
  }
  return amounts;
}

/** Camera count of a set, without the athlete's corrections. */
export function seenOf({ movements }: ExecutedSet) {
  return movements.filter(({ number, byHand }) => number !== null && !byHand).length;
}

/**
 * Whether another device continued the workout. Call it when no request is pending. A camera set may have
 * ended here before the server knows, so an open set proves nothing.
 */
export function hasMoved(guided: Guided, execution: Execution) {
  const { sets } = execution;
  if (sets.length !== guided.sets) return true;
  if (isBegun(guided)) return openSet(execution) === null;
  return openSet(execution) === null && place(execution, stepsOf(execution.lines)) !== guided.at;
}

/** Convert an execution to the state of the player. @param nowMs on the clock of `Date.now()` */
export function toGuidedState(execution: Execution, nowMs: number): Guided {
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

/** The steps with the exercises that were performed in place of others: those left of a line go on with its latest exercise. */
function performedSteps(planned: readonly Step[], { sets }: Execution) {
  return planned.map((step) => {
    const ofLine = sets.filter(({ line }) => line === step.line + 1);
    const exerciseId = (ofLine[step.set - 1] ?? ofLine.at(-1))?.exerciseId ?? step.exerciseId;
    return exerciseId === step.exerciseId ? step : { ...step, exerciseId, loadKg: null };
  });
}

/** Index of the step that the server names next, or the number of steps. */
function place({ next }: Execution, steps: Guided["steps"]) {
  if (!next) return steps.length;
  return steps.findIndex(({ line, set }) => line === next.line - 1 && set === next.round);
}

/** Results of the steps before `at`: per line first the completed sets, then the skipped ones. */
function doneBefore({ sets }: Execution, steps: Guided["steps"], at: number): Done[] {
  const left = sets.filter(({ status }) => status === "completed");
  return steps.slice(0, at).map(({ line, unit }, index) => {
    const match = left.findIndex((set) => set.line === line + 1);
    const [set] = match < 0 ? [] : left.splice(match, 1);
    if (!set) return { at: index, set: null, amount: 0, isSkipped: true, by: null };
    return { at: index, set: set.number, amount: amountOf(set, unit), isSkipped: false, by: set.source === "manual" ? "hand" : "camera", rpe: set.rpe };
  });
}

/** End of the rest on this device's clock. */
function restEnd({ rest, nowMs: serverMs }: Execution, nowMs: number) {
  return rest && nowMs + rest.startedMs + 1000 * rest.plannedS - serverMs;
}
