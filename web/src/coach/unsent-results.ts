/**
 * Results of stopped workouts that this browser has not sent, by athlete.
 * @module
 */

import type { WorkoutResult } from "./workout-results.ts";

const STORED = "kinelog.stopped-workouts";

/** An earlier version stored no `sessionId`. */
export type Unsent = WorkoutResult & {commandId: string, sessionId?: string};

/** Results that were not sent, of one athlete. */
export function unsentOf(user: string): Unsent[] {
  try {
    return JSON.parse(localStorage.getItem(`${STORED}.${user}`) ?? "[]");
  } catch {
    return []; // the browser has no storage, or it was changed by hand
  }
}

export function storeUnsent(user: string, unsent: Unsent[]) {
  try {
    if (unsent.length) localStorage.setItem(`${STORED}.${user}`, JSON.stringify(unsent));
    else localStorage.removeItem(`${STORED}.${user}`);
  } catch {
    // Without storage, they are sent from this page or not at all. The session itself is in the log.
  }
}
