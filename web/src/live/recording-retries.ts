/**
 * Which refusals of a recording are temporary, and when it is sent again.
 * @module
 */

import { pauseMs } from "./backoff.ts";
import type { Problem } from "../api/problem.ts";

/** Pause before reconnecting. */
const RETRY_MS = 2000;

/** Longest pause, and number of attempts, while the server does not know the session: about a quarter of an hour. */
const LONGEST_MS = 60_000;
const MOST_UNKNOWN = 25;

/** Status of a user who has to sign in. */
export const UNAUTHORIZED = 401;

const NOT_FOUND = 404;
const TOO_MANY = 429;
const SERVER_ERROR = 500;

/** Attempts of one recording. */
export class RecordingRetries {
  /** Number of attempts to start that failed because the server did not know the session. */
  #unknown = 0;
  /** Whether the latest attempt failed and will be repeated: the user can do nothing about it. */
  isCutOff = false;

  /**
   * Pause before the next attempt; null if only the user can change the answer.
   * @param recording `wasAccepted`: whether the connection was accepted before; if so, only the access token has expired
   */
  pauseMs(problem: Problem, recording: {wasAccepted: boolean, isBegun: boolean}) {
    const pause = this.#pauseMs(problem, recording);
    this.isCutOff = pause !== null;
    return pause;
  }

  #pauseMs({ status }: Problem, { wasAccepted, isBegun }: {wasAccepted: boolean, isBegun: boolean}) {
    if (status === NOT_FOUND && !isBegun && this.#unknown < MOST_UNKNOWN) { // the session may not have reached the server yet
      this.#unknown += 1;
      return pauseMs(this.#unknown, Math.random, { firstMs: RETRY_MS, longestMs: LONGEST_MS });
    }
    const isTokenOver = status === UNAUTHORIZED && wasAccepted; // the cookie may allow another token
    return isTokenOver || status === 0 || status === TOO_MANY || status >= SERVER_ERROR ? RETRY_MS : null;
  }
}
