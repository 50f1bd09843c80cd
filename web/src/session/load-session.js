/**
 * Loads a session with its curve and the definitions of its exercises.
 * @module
 */

import * as api from "../api/client.js";
import { withDefinitions } from "./exercise-definitions.js";

/** @param {string} id @param {AbortSignal} signal */
export async function loadSession(id, signal) {
  const loaded = await api.session(id, signal);
  const session = { ...loaded, repetitions: inOrder(loaded.repetitions) };
  const [samples, exercises] = await Promise.all([curveOf(loaded, signal), withDefinitions(session.sets)]);
  return { session, samples, exercises };
}

/** The curve of a recorded session; null if there is none. @param {api.Session} session @param {AbortSignal} signal @returns {Promise<api.Samples | null>} */
async function curveOf(session, signal) {
  if (!session.recording) return null;
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
 * @template {{set: number, startMs: number}} R
 * @param {R[]} repetitions
 * @returns {(R & {place: number})[]}
 */
export function inOrder(repetitions) {
  const sorted = [...repetitions].sort((a, b) => a.set - b.set || a.startMs - b.startMs);
  return sorted.map((rep, index) => ({ ...rep, place: index - sorted.findIndex(({ set }) => set === rep.set) + 1 }));
}
