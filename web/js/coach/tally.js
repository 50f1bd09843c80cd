/**
 * Two count the same set: the device at once, the server a moment later and with the last word (C-02).
 * @module
 */

/** Answers in a row that must differ from the device in the same way: fewer are the way to the server and back. */
const AGREED = 3;

/** One number for the athlete out of the two counts of a set. */
export class Tally {
  #device = 0;
  #correction = 0;
  /** @type {number[]} */
  #differences = [];

  /** What the athlete is shown. */
  get repetitions() {
    return Math.max(0, this.#device + this.#correction);
  }

  /** @param {number} repetitions As the device counts them. */
  device(repetitions) {
    if (repetitions !== this.#device) this.#differences = [];
    this.#device = repetitions;
  }

  /** @param {number} repetitions As the server counts them. */
  server(repetitions) {
    const difference = repetitions - this.#device;
    this.#differences = this.#differences.includes(difference) ? [...this.#differences, difference] : [difference];
    if (repetitions > this.repetitions || this.#differences.length >= AGREED) this.#correction = difference;
  }

  /** The set is over, and this is what it came to. @param {number} repetitions */
  settle(repetitions) {
    this.#correction = repetitions - this.#device;
  }
}
