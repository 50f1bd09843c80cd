/**
 * Two count the same set: the device at once, the server a moment later and with the last word (C-02).
 * What neither knows is the athlete's own: a repetition that they took back stays taken back.
 * @module
 */

/** Answers in a row that must differ from the device in the same way: fewer are the way to the server and back. */
const AGREED = 3;

/** One number for the athlete out of the two counts of a set. */
export class Tally {
  #device = 0;
  #correction = 0;
  #undone = 0;
  /** @type {number[]} */
  #differences = [];

  /** What the athlete is shown. */
  get repetitions() {
    return Math.max(0, this.#counted - this.#undone);
  }

  /** What the camera has counted, whatever the athlete says of it. */
  get #counted() {
    return Math.max(0, this.#device + this.#correction);
  }

  /** @param {number} repetitions As the device counts them. */
  device(repetitions) {
    if (repetitions !== this.#device) this.#differences = [];
    this.#device = repetitions;
  }

  /** @param {number} repetitions As the server's camera counts them: it answers what it saw, undone or not. */
  server(repetitions) {
    const difference = repetitions - this.#device;
    this.#differences = this.#differences.includes(difference) ? [...this.#differences, difference] : [difference];
    if (repetitions > this.#counted || this.#differences.length >= AGREED) this.#correction = difference;
  }

  /** The set is over, and this is what the camera counted in it. @param {number} repetitions */
  settle(repetitions) {
    this.#correction = repetitions - this.#device;
  }

  /** The athlete takes one back. @returns {boolean} whether there was one */
  undo() {
    if (this.repetitions === 0) return false;
    this.#undone += 1;
    return true;
  }

  /** What was taken back could not be: it counts again. */
  redo() {
    this.#undone = Math.max(0, this.#undone - 1);
  }
}
