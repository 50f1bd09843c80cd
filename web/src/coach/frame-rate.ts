/**
 * Frame rate of pose detection: whether the device is fast enough to judge form.
 * @module
 */

/** Time over which the rate is measured. */
const WINDOW_MS = 3000;

/** Below this rate, the turning points of a repetition are too uncertain to judge form; above the other one, form is judged again. */
const SLOW_PER_S = 8;
const FAST_PER_S = 10;

/** Measures the rate of the analyzed frames. */
export class FrameRate {
  #times: number[] = [];
  #isSlow = false;

  /** Add an analyzed frame. @returns whether the device is too slow to judge form */
  add(timeMs: number): boolean {
    if (timeMs < (this.#times.at(-1) ?? -Infinity)) this.#times = []; // the camera was opened again
    this.#times.push(timeMs);
    while (timeMs - this.#times[0] > WINDOW_MS) this.#times.shift();
    const [first] = this.#times;
    if (timeMs - first < WINDOW_MS / 2) return this.#isSlow;
    const perSecond = (1000 * (this.#times.length - 1)) / (timeMs - first);
    this.#isSlow = perSecond < (this.#isSlow ? FAST_PER_S : SLOW_PER_S);
    return this.#isSlow;
  }
}
