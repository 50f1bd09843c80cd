/**
 * How long to wait before the same is sent again: longer each time, and never all clients at once.
 * @module
 */

/** The first pause, and the longest: a server that is back is found within seconds. */
export const FIRST_MS = 250;
export const LONGEST_MS = 8000;

/**
 * Pause before the next attempt, after `attempts` that failed (from 1); half of it is left to chance.
 * @param {number} attempts @param {() => number} [random] From 0 to 1.
 * @param {{firstMs?: number, longestMs?: number}} [pauses] Others than the usual ones.
 */
export function pauseMs(attempts, random = Math.random, { firstMs = FIRST_MS, longestMs = LONGEST_MS } = {}) {
  const longest = Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, 16));
  return longest * (0.5 + 0.5 * random());
}
