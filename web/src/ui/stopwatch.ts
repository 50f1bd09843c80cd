/**
 * Stopwatch of a set, without its pauses.
 * @module
 */

/** Counts seconds by the clock, so that it is right after the page was asleep, too. */
export class Stopwatch {
  #now;
  #beforeMs = 0;
  #sinceMs: number | null = null;
  #lapsMs = 0;

  /** @param now milliseconds on a monotonic clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whole seconds elapsed. */
  get seconds() {
    return Math.floor(this.milliseconds / 1000);
  }

  /** Milliseconds elapsed. */
  get milliseconds() {
    return this.#beforeMs + (this.#sinceMs === null ? 0 : this.#now() - this.#sinceMs);
  }

  /** Milliseconds since the latest lap, or since the start. */
  get lapMs() {
    return this.milliseconds - this.#lapsMs;
  }

  /** Begin a lap. */
  lap() {
    this.#lapsMs = this.milliseconds;
  }

  /** Restart from zero. */
  start() {
    this.#beforeMs = this.#lapsMs = 0;
    this.#sinceMs = this.#now();
  }

  /** Pause or resume. */
  pause(isPaused: boolean) {
    this.#beforeMs = this.milliseconds;
    this.#sinceMs = isPaused ? null : this.#now();
  }

  /** Stop; the elapsed time can still be read. */
  stop() {
    this.pause(true);
  }
}
