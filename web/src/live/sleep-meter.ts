/**
 * Time for which the device slept. Frames are timed by `performance.now()`, which stops on most devices meanwhile.
 * @module
 */

/** Shorter differences are adjustments of the system's clock, in milliseconds. */
const SHORTEST_MS = 1000;

/** Measures for how long the device has slept since the meter was created. */
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
