/**
 * Loads a session with its curve and the definitions of its exercises.
 * @module
 */

import * as api from "../api/client.ts";
import { withDefinitions } from "./exercise-definitions.ts";

export async function loadSession(id: string, signal: AbortSignal) {
  const loaded = await api.session(id, signal);
  const session = { ...loaded, repetitions: inOrder(loaded.repetitions) };
  const [samples, exercises] = await Promise.all([curveOf(loaded, signal), withDefinitions(session.sets)]);
  return { session, samples, exercises };
}

/** The curve of a recorded session; null if there is none. */
async function curveOf(session: api.Session, signal: AbortSignal): Promise<api.Samples | null> {
  if (!api.keptRecording(session.recording)) return null;
  try {
    const { samples } = await api.trace(session.sessionId, signal);
    return samples.timeS.length ? samples : null;
  } catch (error) {
    if (error instanceof api.Problem && (error.status === 404 || error.status === 409)) return null;
    throw error;
  }
}

/**
 * Repetitions in the order in which they were performed, each with its `place` in the set. After a
 * removal, their numbers have gaps.
 */
export function inOrder<R extends {set: number, startMs: number}>(repetitions: R[]): (R & {place: number})[] {
  const sorted = [...repetitions].sort((a, b) => a.set - b.set || a.startMs - b.startMs);
  return sorted.map((rep, index) => ({ ...rep, place: index - sorted.findIndex(({ set }) => set === rep.set) + 1 }));
}
