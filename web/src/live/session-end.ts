/**
 * End of a session or set that was forgotten.
 * @module
 */

import type { SessionState } from "./queue.ts";

/** A session in which nothing happened for longer, in milliseconds, was forgotten; the server has the same limit. */
const FORGOTTEN_AFTER_MS = 3_600_000;

/** Maximum length of a session: a day. */
export const LONGEST_MS = 86_400_000;

/** Whether a session was forgotten. @param lastMs when the last thing happened in it, in milliseconds since its start, like `nowMs` */
export function isForgotten(lastMs: number, nowMs: number) {
  return nowMs - Math.max(lastMs, 0) > FORGOTTEN_AFTER_MS;
}

/** When a session ended, in Unix time in milliseconds: now, or with what happened last in it if it was forgotten. @param isLeft whether its page was closed */
export function endOf({ startedAt, lastMs }: SessionState, isLeft: boolean, now: number = Date.now()): number {
  const lastAt = startedAt + Math.max(lastMs, 0);
  return isLeft || isForgotten(lastMs, now - startedAt) ? lastAt : Math.max(now, lastAt);
}
