/**
 * Countdown before a set.
 * @module
 */

import { tick } from "./sounds.ts";

/** Usual length in seconds. */
const SECONDS = 3;

/** Counts down, one countdown at a time. */
export class Countdown {
  #timer = 0;
  #onSecond;

  /** @param onSecond called each second, and with 0 at the end */
  constructor(onSecond: (left: number) => void) {
    this.#onSecond = onSecond;
  }

  /** @param seconds its length @returns resolves at the end; never if canceled */
  run(seconds = SECONDS): Promise<void> {
    return new Promise((resolve) => {
      let left = seconds;
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
