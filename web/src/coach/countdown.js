/**
 * A few seconds to walk into the picture.
 * @module
 */

import { tick } from "./sounds.js";

/** How many. */
const SECONDS = 3;

/** Counts down, once at a time. */
export class Countdown {
  #timer = 0;
  #onSecond;

  /** @param {(left: number) => void} onSecond told at the beginning of each second, and 0 at the end */
  constructor(onSecond) {
    this.#onSecond = onSecond;
  }

  /** @returns {Promise<void>} when it is over; never where it is cancelled */
  run() {
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
