/**
 * Combines two counts of a set: the device counts at once; the server counts a moment later and is
 * authoritative (C-02). Repetitions that the athlete removed stay removed in both.
 * @module
 */

/** Consecutive answers with the same difference that are needed for a correction; fewer are due to latency. */
const AGREED = 3;

/** One count for the athlete from the two counts of a set. */
export class Tally {
  #device = 0;
  #correction = 0;
  #undone = 0;
  #differences: number[] = [];

  /** The count to show. */
  get repetitions() {
    return Math.max(0, this.#counted - this.#undone);
  }

  /** The camera's count, before the athlete's corrections. */
  get #counted() {
    return Math.max(0, this.#device + this.#correction);
  }

  /** @param repetitions the device's count */
  device(repetitions: number) {
    if (repetitions !== this.#device) this.#differences = [];
    this.#device = repetitions;
  }

  /** @param repetitions the server's count, without the athlete's corrections */
  server(repetitions: number) {
    const difference = repetitions - this.#device;
    this.#differences = this.#differences.includes(difference) ? [...this.#differences, difference] : [difference];
    if (repetitions > this.#counted || this.#differences.length >= AGREED) this.#correction = difference;
  }

  /** Take over a provisional count if it is higher. It may be too low, because it lacks a repetition that was under way when the server's workers stopped. */
  provisional(repetitions: number) {
    if (repetitions > this.#counted) this.#correction = repetitions - this.#device;
  }

  /** Set the final count of the finished set. */
  settle(repetitions: number) {
    this.#correction = repetitions - this.#device;
  }

  /** Remove one repetition. @returns whether there was one */
  undo(): boolean {
    if (this.repetitions === 0) return false;
    this.#undone += 1;
    return true;
  }

  /** Restore a repetition whose removal failed. */
  redo() {
    this.#undone = Math.max(0, this.#undone - 1);
  }
}
