/**
 * What the server's refusals of an entry mean for its delivery.
 * @module
 */

import type { Problem } from "../api/problem.ts";

const UNAUTHORIZED = 401;

/** Chunks of the session are missing; the problem names the first one. */
export const GAP = "live.sequence_gap";

/** The server or its clock is behind, it is writing the same stream, or it is still carrying out the first attempt; the same request succeeds later. */
export const NOT_YET = new Set(["session.set_underway", GAP, "stream.contended", "live.time_in_future", "idempotency.in_progress"]);

/** The request has already taken effect. */
export const DONE = new Set(["session.already_started"]);

/** Later entries of the session would be refused, too. */
export const HOPELESS = new Set(["session.unknown"]);

/** Codes that refuse the user, not the entry: a second factor, a permission or a paid plan is missing. */
const OF_USER = /^(auth|authorization|access)\./;

/** Whether the same request may succeed later, without the user. */
export function isTemporary(problem: Problem) {
  return problem.isTemporary || NOT_YET.has(problem.code);
}

/** Whether the user is refused, who may sign in again or confirm the sign-in. */
export function isOfUser({ status, code }: Problem) {
  return status === UNAUTHORIZED || OF_USER.test(code);
}
