/**
 * Exponential backoff with jitter.
 * @module
 */

/** First and longest pause; the cap finds a recovered server within seconds. */
export const FIRST_MS = 250;
export const LONGEST_MS = 8000;

/**
 * Pause before the next attempt after `attempts` failures (from 1); half of it is random.
 * @param random from 0 to 1
 * @param pauses bounds other than the defaults
 */
export function pauseMs(attempts: number, random: () => number = Math.random, { firstMs = FIRST_MS, longestMs = LONGEST_MS }: {firstMs?: number, longestMs?: number} = {}) {
  const longest = Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, 16));
  return longest * (0.5 + 0.5 * random());
}
