/**
 * Time for which the device slept: `performance.now()`, by which frames are timed, stops on most devices then.
 * @module
 */

/** Shorter differences are adjustments of the system's clock, in milliseconds. */
const SHORTEST_MS = 1000;

/** Measures sleep from its creation on. */
export class SleepMeter {
  #aheadMs = aheadMs();

  /** The time slept since the last call, in milliseconds; 0 if it is longer than `mostMs`, or if the system's clock was set back. */
  takeMs(mostMs: number): number {
    const now = aheadMs(), sleptMs = now - this.#aheadMs;
    if (sleptMs < SHORTEST_MS) return 0;
    this.#aheadMs = now;
    return sleptMs <= mostMs ? sleptMs : 0;
  }
}

/** By how much the system's clock is ahead of `performance.now()`. */
function aheadMs() {
  return Date.now() - performance.now();
}
