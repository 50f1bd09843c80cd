/**
 * State machine of a guided workout: pure transitions from set to set, without timers, speech or
 * requests.
 * @module
 */

import type { Stage } from "../stores/workout.ts";
import type { Step } from "../workouts/plan.ts";

/** Result of a step. */
export interface Done {
  /** index of the step, from 0 */
  at: number;
  /** number of the set in the session; null if none was done */
  set: number | null;
  /** repetitions or seconds */
  amount: number;
  isSkipped: boolean;
  /** who counted */
  by: "camera" | "hand" | null;
  /** how hard it felt (RPE); null or missing without an answer */
  rpe?: number | null;
}
/** `instructions`: before a set; `logging`: done manually, amount not entered yet. */
export type Phase = "instructions" | "countdown" | "performing" | "logging" | "rest" | "over";
export interface Guided {
  steps: readonly Step[];
  /** index of the current or next step; `steps.length` after the last */
  at: number;
  phase: Phase;
  /** repetitions or whole seconds of the current step */
  amount: number;
  /** milliseconds of a hold that were timed by hand */
  timedMs?: number;
  /** whether the set of the step was started before and is to be resumed */
  isOpen: boolean;
  isPaused: boolean;
  /** number of sets of the session, including the current one */
  sets: number;
  /** in the order of the steps */
  done: readonly Done[];
  /** on the clock of `Date.now()`; null if there is no rest */
  restEndsMs: number | null;
}
export type Happening = {kind: "ready"} | {kind: "begun"} | {kind: "cancelled"} | {kind: "amount", amount: number, timedMs?: number}
  | {kind: "paused"} | {kind: "finished", by: "camera" | "hand", nowMs: number} | {kind: "logged", amount: number, nowMs: number}
  | {kind: "adjusted", amount: number} | {kind: "rated", rpe: number | null} | {kind: "confirmed", amounts: ReadonlyMap<number, number>} | {kind: "restMoved", byS: number, nowMs: number} | {kind: "rested", isReady: boolean}
  | {kind: "skipped", whole: boolean, nowMs: number} | {kind: "swapped", exerciseId: string, loadKg: number | null};

/** The initial state. */
export function initialState(steps: readonly Step[]): Guided {
  return { steps, at: 0, phase: "instructions", amount: 0, isOpen: false, isPaused: false, sets: 0, done: [], restEndsMs: null };
}

/** Stage of the training store by phase. */
export const STAGES: Record<Phase, Stage> = { instructions: "preflight", countdown: "countdown", performing: "counting", logging: "rest", rest: "rest", over: "rest" };

/** The current or next step; null after the last. */
export function current(state: Guided): Step | null {
  return state.steps[state.at] ?? null;
}

/** Whether the athlete rests, or corrects the last set while resting. */
export function isResting(state: Guided | null | undefined) {
  return state?.phase === "rest" || state?.phase === "logging";
}

/** Whether the set of the step has started and is not finished. */
export function isBegun({ isOpen, phase }: Guided) {
  return isOpen || phase === "performing" || phase === "logging";
}

/** Apply an event; an event that does not apply at the moment changes nothing. */
export function after(state: Guided, happening: Happening): Guided {
  const { phase } = state;
  switch (happening.kind) {
    case "ready": return phase === "instructions" || phase === "rest" ? { ...state, phase: "countdown", restEndsMs: null } : state;
    case "rested": return phase === "rest" ? { ...state, phase: happening.isReady ? "countdown" : "instructions", restEndsMs: null } : state;
    case "cancelled": return phase === "countdown" ? { ...state, phase: "instructions" } : state;
    case "begun": return phase === "countdown" ? begun(state) : state;
    case "amount": return phase === "performing" && !state.isPaused ? { ...state, amount: Math.max(0, happening.amount), timedMs: happening.timedMs ?? state.timedMs } : state;
    case "paused": return phase === "performing" ? { ...state, isPaused: !state.isPaused } : state;
    case "finished": return phase === "performing" ? finished(state, happening) : state;
    case "logged": return phase === "logging" ? closed(state, happening.amount, "hand", state.restEndsMs ?? happening.nowMs) : state;
    case "adjusted": return adjusted(state, happening.amount);
    case "rated": return rated(state, happening.rpe);
    case "confirmed": return confirmed(state, happening.amounts);
    case "restMoved": return state.restEndsMs === null ? state : { ...state, restEndsMs: Math.max(happening.nowMs, state.restEndsMs + 1000 * happening.byS) };
    case "skipped": return phase === "over" ? state : skipped(state, happening);
    case "swapped": return isBetweenSets(state) ? swapped(state, happening) : state;
  }
}

/** Whether a set comes next and has not begun. */
export function isBetweenSets({ phase, isOpen }: Guided) {
  return (phase === "instructions" || phase === "rest") && !isOpen;
}

/** Perform the next set and those left of its line with another exercise. */
function swapped(state: Guided, { exerciseId, loadKg }: {exerciseId: string, loadKg: number | null}): Guided {
  const { line } = current(state) as Step;
  return { ...state, steps: state.steps.map((step, at) => (at >= state.at && step.line === line ? { ...step, exerciseId, loadKg } : step)) };
}

function begun(state: Guided): Guided {
  const { isOpen, amount, sets } = state;
  return { ...state, phase: "performing", isOpen: false, isPaused: false, amount: isOpen ? amount : 0, timedMs: isOpen ? state.timedMs : 0, sets: isOpen ? sets : sets + 1 };
}

/** Finish a set. If nothing was counted manually, the amount is entered next; the rest begins already. */
function finished(state: Guided, { by, nowMs }: {by: "camera" | "hand", nowMs: number}) {
  const isLast = state.at + 1 >= state.steps.length;
  const restEndsMs = isLast ? null : nowMs + 1000 * (current(state) as Step).restS;
  if (by === "hand" && state.amount === 0) return { ...state, phase: "logging" as const, isPaused: false, restEndsMs };
  return closed(state, state.amount, by, restEndsMs);
}

function closed(state: Guided, amount: number, by: "camera" | "hand", restEndsMs: number | null): Guided {
  return onwards(state, [{ at: state.at, set: state.sets, amount, isSkipped: false, by }], restEndsMs);
}

/** Continue with the next step, after a rest if there is one. */
function onwards(state: Guided, done: Done[], restEndsMs: number | null): Guided {
  const at = state.at + done.length;
  const isOver = at >= state.steps.length;
  const phase = isOver ? "over" : restEndsMs === null ? "instructions" : "rest";
  return { ...state, at, phase, amount: 0, isOpen: false, isPaused: false, done: [...state.done, ...done], restEndsMs: phase === "rest" ? restEndsMs : null };
}

/** Correct the latest set, during a rest or after the last set. */
function adjusted(state: Guided, amount: number): Guided {
  const latest = state.done.at(-1);
  if (!latest || latest.isSkipped || !(state.phase === "rest" || state.phase === "over")) return state;
  return { ...state, done: [...state.done.slice(0, -1), { ...latest, amount: Math.max(0, amount) }] };
}

/** Note how hard the latest set felt, during a rest or after the last set. */
function rated(state: Guided, rpe: number | null): Guided {
  const latest = state.done.at(-1);
  if (!latest || latest.set === null || !(state.phase === "rest" || state.phase === "over")) return state;
  return { ...state, done: [...state.done.slice(0, -1), { ...latest, rpe }] };
}

/** Apply the server's counts, which are authoritative. @param amounts by set number */
function confirmed(state: Guided, amounts: ReadonlyMap<number, number>): Guided {
  const stands = (each: Guided["done"][number]) => (each.set === null ? each.amount : amounts.get(each.set) ?? each.amount);
  if (state.done.every((each) => stands(each) === each.amount)) return state;
  return { ...state, done: state.done.map((each) => ({ ...each, amount: stands(each) })) };
}

/** Skip a set, or the rest of its exercise; a started set keeps its count. */
function skipped(state: Guided, { whole, nowMs }: {whole: boolean, nowMs: number}) {
  const step = current(state) as Step;
  const began = isBegun(state);
  const left = whole ? state.steps.slice(state.at).filter(({ line }) => line === step.line).length : 1;
  const done: Done[] = Array.from({ length: left }, (_, index) => ({
    at: state.at + index, set: began && index === 0 ? state.sets : null, amount: began && index === 0 ? state.amount : 0, isSkipped: true, by: null,
  }));
  // A running rest continues; skipping a started set begins a rest.
  const restEndsMs = state.restEndsMs ?? (began ? nowMs + 1000 * step.restS : null);
  return onwards(state, done, restEndsMs);
}

/**
 * Whether a set counted by the camera is complete: the goal is reached and the latest repetition has ended.
 * @param phase current phase
 * @param outward phase from rest to the extreme
 */
export function isReached({ amount, target }: {amount: number, target: number}, phase: string, outward: "eccentric" | "concentric") {
  const back = outward === "eccentric" ? "concentric" : "eccentric";
  return amount >= target && phase !== "effort" && phase !== back;
}
