/**
 * Guided workouts that this browser keeps: what it needs to begin and to continue one while the server is unreachable.
 * @module
 */

import { athlete, Problem } from "../api/client.js";
import { LiveSession } from "../live/live-session.js";
import * as workoutApi from "../workouts/workout-api.js";
import { isBegun } from "./state-machine.js";

/** @typedef {import("./resume.js").Execution} Execution */
/** @typedef {import("./state-machine.js").Guided} Guided */
/** @typedef {import("../workouts/plan.js").Line} Line */
/** @typedef {{execution: Execution, guided: Guided, plannedS: number | null}} Progress what a session's state in the queue has of the workout; `plannedS`: length of the rest */
/** @typedef {{execution: Execution, progress: Progress | null}} Found `progress`: set if the server is unreachable */

/**
 * Describe a workout that begins while the server is unreachable; `start` is what the server is sent later.
 * @param {{workoutId: string, athleteId: string, sessionId: string}} parameters @param {Line[]} lines @returns {Execution}
 */
export function begunHere({ workoutId, athleteId, sessionId }, lines) {
  const startedAt = new Date().toISOString();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return {
    id: sessionId, workoutId, athleteId, status: "underway", startedAt, nowMs: 0, sets: [], rest: null,
    lines: lines.map((line, index) => ({ ...line, line: index + 1, performed: 0, skipped: 0 })),
    next: { set: 1, line: 1, round: 1 },
    start: { path: "/v1/workouts", body: { workoutId, athleteId, sessionId, at: startedAt, timeZone } },
  };
}

/** Start an execution of a prescription, or begin it here if the server cannot be reached. @param {{workoutId: string, athleteId: string, sessionId: string}} parameters @param {Line[]} lines @returns {Promise<Execution>} @throws {Problem} */
export async function begin(parameters, lines) {
  try {
    return await workoutApi.begin(parameters);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return begunHere(parameters, lines);
  }
}

/** Find a workout that has begun: on the server, or in this browser if the server is unreachable or has not got it yet. @param {string} id @returns {Promise<Found>} @throws {Problem} */
export async function find(id) {
  try {
    return { execution: await workoutApi.execution(id), progress: null };
  } catch (error) {
    const kept = isUnreachable(error) || isUnknown(error) ? await keptOf(id) : null;
    if (!kept) throw error;
    const { progress, startedAt } = kept;
    const execution = { ...progress.execution, nowMs: Date.now() - startedAt }; // the server's clock may differ
    return { execution, progress: isUnreachable(error) ? progress : null };
  }
}

/** Whether a plan has scheduled this execution, and it has not begun, as far as is known here. @param {string} id @returns {Promise<boolean>} @throws {Problem} */
export async function isPlanned(id) {
  try {
    await workoutApi.execution(id);
    return false;
  } catch (error) {
    if (!isUnreachable(error) && !isUnknown(error)) throw error;
    return (await keptOf(id)) === null;
  }
}

/** The state in which a workout continues after its page was closed. @param {Guided} guided @param {number} nowMs @returns {Guided} */
export function continued(guided, nowMs) {
  const isOpen = isBegun(guided);
  const { phase, restEndsMs } = guided;
  const isResting = phase === "rest" && restEndsMs !== null && restEndsMs > nowMs;
  return {
    ...guided, isOpen, isPaused: false, amount: isOpen ? guided.amount : 0,
    phase: phase === "over" || isResting ? phase : "instructions",
    restEndsMs: isResting ? restEndsMs : null,
  };
}

/** What this browser has of the user's workout, and its start on the clock of this device; null if it has nothing, or only of another user. @param {string} id @returns {Promise<{progress: Progress, startedAt: number} | null>} */
async function keptOf(id) {
  const state = await LiveSession.stored(id);
  if (!state?.progress || state.athleteId !== await athlete()) return null;
  return { progress: /** @type {Progress} */ (state.progress), startedAt: state.startedAt };
}

/** @param {unknown} error @returns {error is Problem} */
function isUnreachable(error) {
  return error instanceof Problem && error.status === 0;
}

/** @param {unknown} error */
function isUnknown(error) {
  return error instanceof Problem && error.status === 404;
}
