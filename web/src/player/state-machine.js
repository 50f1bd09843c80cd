/**
 * State machine of a guided workout: pure transitions from set to set, without timers, speech or
 * requests.
 * @module
 */

/** @typedef {import("../workouts/plan.js").Step} Step */
/**
 * Result of a step.
 * @typedef {object} Done
 * @property {number} at index of the step, from 0
 * @property {number | null} set number of the set in the session; null if none was done
 * @property {number} amount repetitions or seconds
 * @property {boolean} isSkipped
 * @property {"camera" | "hand" | null} by who counted
 */
/**
 * @typedef {"instructions" | "countdown" | "performing" | "logging" | "rest" | "over"} Phase
 * `instructions`: before a set; `logging`: done manually, amount not entered yet.
 */
/**
 * @typedef {object} Guided
 * @property {readonly Step[]} steps
 * @property {number} at index of the current or next step; `steps.length` after the last
 * @property {Phase} phase
 * @property {number} amount repetitions or whole seconds of the current step
 * @property {boolean} isOpen whether the set of the step was started before and is to be resumed
 * @property {boolean} isPaused
 * @property {number} sets number of sets of the session, including the current one
 * @property {readonly Done[]} done in the order of the steps
 * @property {number | null} restEndsMs on the clock of `Date.now()`; null if there is no rest
 */
/**
 * @typedef {{kind: "ready"} | {kind: "begun"} | {kind: "cancelled"} | {kind: "amount", amount: number}
 *   | {kind: "paused"} | {kind: "finished", by: "camera" | "hand", nowMs: number} | {kind: "logged", amount: number, nowMs: number}
 *   | {kind: "adjusted", amount: number} | {kind: "confirmed", amounts: ReadonlyMap<number, number>} | {kind: "restMoved", byS: number, nowMs: number} | {kind: "rested", isReady: boolean}
 *   | {kind: "skipped", whole: boolean, nowMs: number} | {kind: "swapped", exerciseId: string, loadKg: number | null}} Happening
 */

/** The initial state. @param {readonly Step[]} steps @returns {Guided} */
export function initialState(steps) {
  return { steps, at: 0, phase: "instructions", amount: 0, isOpen: false, isPaused: false, sets: 0, done: [], restEndsMs: null };
}

/** The current or next step; null after the last. @param {Guided} state @returns {Step | null} */
export function current(state) {
  return state.steps[state.at] ?? null;
}

/** Whether the set of the step has started and is not finished. @param {Guided} state */
export function isBegun({ isOpen, phase }) {
  return isOpen || phase === "performing" || phase === "logging";
}

/** Apply an event; an event that does not apply at the moment changes nothing. @param {Guided} state @param {Happening} happening @returns {Guided} */
export function after(state, happening) {
  const { phase } = state;
  switch (happening.kind) {
    case "ready": return phase === "instructions" || phase === "rest" ? { ...state, phase: "countdown", restEndsMs: null } : state;
    case "rested": return phase === "rest" ? { ...state, phase: happening.isReady ? "countdown" : "instructions", restEndsMs: null } : state;
    case "cancelled": return phase === "countdown" ? { ...state, phase: "instructions" } : state;
    case "begun": return phase === "countdown" ? begun(state) : state;
    case "amount": return phase === "performing" && !state.isPaused ? { ...state, amount: Math.max(0, happening.amount) } : state;
    case "paused": return phase === "performing" ? { ...state, isPaused: !state.isPaused } : state;
    case "finished": return phase === "performing" ? finished(state, happening) : state;
    case "logged": return phase === "logging" ? closed(state, happening.amount, "hand", state.restEndsMs ?? happening.nowMs) : state;
    case "adjusted": return adjusted(state, happening.amount);
    case "confirmed": return confirmed(state, happening.amounts);
    case "restMoved": return state.restEndsMs === null ? state : { ...state, restEndsMs: Math.max(happening.nowMs, state.restEndsMs + 1000 * happening.byS) };
    case "skipped": return phase === "over" ? state : skipped(state, happening);
    case "swapped": return isBetweenSets(state) ? swapped(state, happening) : state;
  }
}

/** Whether a set comes next and has not begun. @param {Guided} state */
export function isBetweenSets({ phase, isOpen }) {
  return (phase === "instructions" || phase === "rest") && !isOpen;
}

/** Perform the next set and those left of its line with another exercise. @param {Guided} state @param {{exerciseId: string, loadKg: number | null}} other @returns {Guided} */
function swapped(state, { exerciseId, loadKg }) {
  const { line } = /** @type {Step} */ (current(state));
  return { ...state, steps: state.steps.map((step, at) => (at >= state.at && step.line === line ? { ...step, exerciseId, loadKg } : step)) };
}

/** @param {Guided} state @returns {Guided} */
function begun(state) {
  const { isOpen, amount, sets } = state;
  return { ...state, phase: "performing", isOpen: false, isPaused: false, amount: isOpen ? amount : 0, sets: isOpen ? sets : sets + 1 };
}

/** Finish a set. If nothing was counted manually, the amount is entered next; the rest begins already. @param {Guided} state @param {{by: "camera" | "hand", nowMs: number}} how */
function finished(state, { by, nowMs }) {
  const isLast = state.at + 1 >= state.steps.length;
  const restEndsMs = isLast ? null : nowMs + 1000 * /** @type {Step} */ (current(state)).restS;
  if (by === "hand" && state.amount === 0) return { ...state, phase: /** @type {const} */ ("logging"), isPaused: false, restEndsMs };
  return closed(state, state.amount, by, restEndsMs);
}

/** @param {Guided} state @param {number} amount @param {"camera" | "hand"} by @param {number | null} restEndsMs @returns {Guided} */
function closed(state, amount, by, restEndsMs) {
  return onwards(state, [{ at: state.at, set: state.sets, amount, isSkipped: false, by }], restEndsMs);
}

/** Continue with the next step, after a rest if there is one. @param {Guided} state @param {Done[]} done @param {number | null} restEndsMs @returns {Guided} */
function onwards(state, done, restEndsMs) {
  const at = state.at + done.length;
  const isOver = at >= state.steps.length;
  const phase = isOver ? "over" : restEndsMs === null ? "instructions" : "rest";
  return { ...state, at, phase, amount: 0, isOpen: false, isPaused: false, done: [...state.done, ...done], restEndsMs: phase === "rest" ? restEndsMs : null };
}

/** Correct the latest set, during a rest or after the last set. @param {Guided} state @param {number} amount @returns {Guided} */
function adjusted(state, amount) {
  const latest = state.done.at(-1);
  if (!latest || latest.isSkipped || !(state.phase === "rest" || state.phase === "over")) return state;
  return { ...state, done: [...state.done.slice(0, -1), { ...latest, amount: Math.max(0, amount) }] };
}

/** Apply the server's counts, which are authoritative. @param {Guided} state @param {ReadonlyMap<number, number>} amounts by set number @returns {Guided} */
function confirmed(state, amounts) {
  const stands = (/** @type {Guided["done"][number]} */ each) => (each.set === null ? each.amount : amounts.get(each.set) ?? each.amount);
  if (state.done.every((each) => stands(each) === each.amount)) return state;
  return { ...state, done: state.done.map((each) => ({ ...each, amount: stands(each) })) };
}

/** Skip a set, or the rest of its exercise; a started set keeps its count. @param {Guided} state @param {{whole: boolean, nowMs: number}} how */
function skipped(state, { whole, nowMs }) {
  const step = /** @type {Step} */ (current(state));
  const began = isBegun(state);
  const left = whole ? state.steps.slice(state.at).filter(({ line }) => line === step.line).length : 1;
  /** @type {Done[]} */
  const done = Array.from({ length: left }, (_, index) => ({
    at: state.at + index, set: began && index === 0 ? state.sets : null, amount: began && index === 0 ? state.amount : 0, isSkipped: true, by: null,
  }));
  // A running rest continues; skipping a started set begins a rest.
  const restEndsMs = state.restEndsMs ?? (began ? nowMs + 1000 * step.restS : null);
  return onwards(state, done, restEndsMs);
}

/**
 * Whether a set counted by the camera is complete: the goal is reached and the latest repetition has ended.
 * @param {{amount: number, target: number}} count
 * @param {string} phase current phase
 * @param {"eccentric" | "concentric"} outward phase from rest to the extreme
 */
export function isReached({ amount, target }, phase, outward) {
  const back = outward === "eccentric" ? "concentric" : "eccentric";
  return amount >= target && phase !== "effort" && phase !== back;
}
