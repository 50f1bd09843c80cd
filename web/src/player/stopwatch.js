/**
 * How long a set lasts, without its pauses.
 * @module
 */

/** Counts seconds by the clock, so that a page that slept is right too. */
export class Stopwatch {
  #now;
  #beforeMs = 0;
  /** @type {number | null} */
  #sinceMs = null;
  #lapsMs = 0;

  /** @param {() => number} [now] milliseconds on a clock that never goes back */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** Whole seconds that it ran. */
  get seconds() {
    return Math.floor(this.milliseconds / 1000);
  }

  /** Milliseconds that it ran. */
  get milliseconds() {
    return this.#beforeMs + (this.#sinceMs === null ? 0 : this.#now() - this.#sinceMs);
  }

  /** Milliseconds that it ran since the latest lap, or since its start. */
  get lapMs() {
    return this.milliseconds - this.#lapsMs;
  }

  /** A lap begins. */
  lap() {
    this.#lapsMs = this.milliseconds;
  }

  /** From nothing. */
  start() {
    this.#beforeMs = this.#lapsMs = 0;
    this.#sinceMs = this.#now();
  }

  /** Stop, or go on. @param {boolean} isPaused */
  pause(isPaused) {
    this.#beforeMs = this.milliseconds;
    this.#sinceMs = isPaused ? null : this.#now();
  }

  /** Stop for good; what it ran can still be read. */
  stop() {
    this.pause(true);
  }
}
