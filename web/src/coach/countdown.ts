/**
 * Countdown before a set.
 * @module
 */

import { tick } from "./sounds.ts";

/** Length in seconds. */
const SECONDS = 3;

/** Counts down, one countdown at a time. */
export class Countdown {
  #timer = 0;
  #onSecond;

  /** @param onSecond called each second, and with 0 at the end */
  constructor(onSecond: (left: number) => void) {
    this.#onSecond = onSecond;
  }

  /** @returns resolves at the end; never if canceled */
  run(): Promise<void> {
    return new Promise((resolve) => {
      let left = SECONDS;
      const step = () => {
        this.#onSecond(left);
        if (left === 0) {
          clearInterval(this.#timer);
          resolve();
        } else tick();
        left -= 1;
      };
      step();
      this.#timer = setInterval(step, 1000);
    });
  }

  cancel() {
    clearInterval(this.#timer);
    this.#onSecond(0);
  }
}
