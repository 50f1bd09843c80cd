/**
 * A page that was closed in mid-session leaves a session behind; what waited is sent, and it can be summed up.
 * @module
 */

import { athlete } from "../api/client.js";
import { underWay } from "../live/session-lock.js";
import { LiveSession } from "../live/live-session.js";

/** This athlete's latest session that no page goes on with; undefined where there is none. */
export async function unfinished() {
  const [athleteId, busy] = [await athlete(), await underWay()];
  const left = (await LiveSession.unfinished())
    .filter((each) => !each.workoutId && each.athleteId === athleteId && !busy.has(each.sessionId)) // the player goes on with workouts
    .sort((a, b) => b.startedAt - a.startedAt);
  return left.at(0);
}
