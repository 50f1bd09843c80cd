/**
 * Guided workouts that this browser keeps: what it needs to begin and to continue one while the server is unreachable.
 * @module
 */

import { athlete, Problem } from "../api/client.ts";
import { LiveSession } from "../live/live-session.ts";
import * as workoutApi from "../workouts/workout-api.ts";
import { isBegun, type Guided } from "./state-machine.ts";
import type { Line } from "../workouts/plan.ts";
import type { Execution } from "./resume.ts";

/** what a session's state in the queue has of the workout; `plannedS`: length of the rest; `lastMs`: when the last thing happened, in milliseconds since the start, which older pages did not keep */
export type Progress = {execution: Execution, guided: Guided, plannedS: number | null, lastMs?: number};
/** `progress`: set if the server is unreachable */
type Found = {execution: Execution, progress: Progress | null};

/** Describe a workout that begins while the server is unreachable; `start` is what the server is sent later. */
export function begunHere({ workoutId, athleteId, sessionId }: {workoutId: string, athleteId: string, sessionId: string}, lines: Line[]): Execution {
  const startedAt = new Date().toISOString();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return {
    id: sessionId, workoutId, athleteId, status: "underway", startedAt, nowMs: 0, sets: [], rest: null,
    lines: lines.map((line, index) => ({ ...line, line: index + 1, performed: 0, skipped: 0 })),
    next: { set: 1, line: 1, round: 1 },
    start: { path: "/v1/workouts", body: { workoutId, athleteId, sessionId, at: startedAt, timeZone } },
  };
}

/** Start an execution of a prescription, or begin it here if the server cannot be reached. @throws {Problem} */
export async function begin(parameters: {workoutId: string, athleteId: string, sessionId: string}, lines: Line[]): Promise<Execution> {
  try {
    return await workoutApi.begin(parameters);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return begunHere(parameters, lines);
  }
}

/** Find a workout that has begun: on the server, or in this browser if the server is unreachable or has not got it yet. @throws {Problem} */
export async function find(id: string): Promise<Found> {
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

/** Whether a plan has scheduled this execution, and it has not begun, as far as is known here. @throws {Problem} */
export async function isPlanned(id: string): Promise<boolean> {
  try {
    await workoutApi.execution(id);
    return false;
  } catch (error) {
    if (!isUnreachable(error) && !isUnknown(error)) throw error;
    return (await keptOf(id)) === null;
  }
}

/** The state in which a workout continues after its page was closed. */
export function continued(guided: Guided, nowMs: number): Guided {
  const isOpen = isBegun(guided);
  const { phase, restEndsMs } = guided;
  const isResting = phase === "rest" && restEndsMs !== null && restEndsMs > nowMs;
  return {
    ...guided, isOpen, isPaused: false, amount: isOpen ? guided.amount : 0,
    phase: phase === "over" || isResting ? phase : "instructions",
    restEndsMs: isResting ? restEndsMs : null,
  };
}

/** The state of the user's workout as this browser kept it; null if it has none. */
export async function keptState(id: string): Promise<Guided | null> {
  return (await keptOf(id))?.progress.guided ?? null;
}

/** The server's state of a workout with what was timed by hand of the open hold, which only this browser knows. @param kept state before the reload */
export function withTimedHold(state: Guided, kept: Guided | null): Guided {
  if (!state.isOpen || !kept?.timedMs || !isBegun(kept) || kept.sets !== state.sets || kept.at !== state.at) return state;
  return { ...state, amount: kept.amount, timedMs: kept.timedMs };
}

/** What this browser has of the user's workout, and its start on the clock of this device; null if it has nothing, or only of another user. */
async function keptOf(id: string): Promise<{progress: Progress, startedAt: number} | null> {
  const state = await LiveSession.stored(id);
  if (!state?.progress || state.athleteId !== await athlete()) return null;
  return { progress: state.progress as Progress, startedAt: state.startedAt };
}

function isUnreachable(error: unknown): error is Problem {
  return error instanceof Problem && error.status === 0;
}

function isUnknown(error: unknown) {
  return error instanceof Problem && error.status === 404;
}
