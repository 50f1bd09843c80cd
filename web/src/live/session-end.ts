/**
 * End of a session that is completed without saying when it ended.
 * @module
 */

import type { SessionState } from "./queue.ts";

/** A session in which nothing happened for longer, in milliseconds, was forgotten; the server has the same limit. */
const FORGOTTEN_AFTER_MS = 3_600_000;

/** When a session ended, in Unix time in milliseconds: now, or with what happened last in it if it was forgotten. @param isLeft whether its page was closed */
export function endOf({ startedAt, lastMs }: SessionState, isLeft: boolean, now: number = Date.now()): number {
  const lastAt = startedAt + Math.max(lastMs, 0);
  return isLeft || now - lastAt > FORGOTTEN_AFTER_MS ? lastAt : Math.max(now, lastAt);
}
