/**
 * Finds a session that was left behind by a closed page, so that it can be completed.
 * @module
 */

import { athlete } from "../api/client.ts";
import { listOpenSessions } from "../live/session-lock.ts";
import { LiveSession } from "../live/live-session.ts";

/** The athlete's latest unfinished session that no other page has open; undefined if there is none. */
export async function unfinished() {
  const [athleteId, busy] = [await athlete(), await listOpenSessions()];
  const left = (await LiveSession.unfinished())
    .filter((each) => !each.workoutId && each.athleteId === athleteId && !busy.has(each.sessionId)) // the workout player resumes guided workouts
    .sort((a, b) => b.startedAt - a.startedAt);
  return left.at(0);
}
