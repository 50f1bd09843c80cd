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
  /** Removals that the server was not asked for yet: it may never count the repetition. */
  #waiting = 0;
  #server = 0;
  #differences: number[] = [];

  /** The count to show. */
  get repetitions() {
    return Math.max(0, this.#counted - this.#undone - this.#waiting);
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

  /** @param repetitions the server's count, without the athlete's corrections @param isCaughtUp whether it has counted all but the latest frames; until then, its count is too low */
  server(repetitions: number, isCaughtUp = true) {
    this.#server = repetitions;
    if (!isCaughtUp) return this.provisional(repetitions);
    const difference = repetitions - this.#device;
    this.#differences = this.#differences.includes(difference) ? [...this.#differences, difference] : [difference];
    const isAgreed = this.#differences.length >= AGREED;
    if (isAgreed) this.#drop(repetitions);
    if (repetitions > this.#counted || isAgreed) this.#correction = difference;
  }

  /** Take over a provisional count if it is higher. It may be too low, because it lacks a repetition that was under way when the server's workers stopped. */
  provisional(repetitions: number) {
    if (repetitions > this.#counted) this.#correction = repetitions - this.#device;
  }

  /** Set the count of the finished set. @param isOver whether the server has counted all of it; only then are waiting removals decided */
  settle(repetitions: number, isOver = true) {
    if (!isOver && this.#waiting > 0) return;
    this.#drop(repetitions);
    this.#server = repetitions;
    this.#correction = repetitions - this.#device;
  }

  /** Forget the removals of repetitions that the server has not counted: they do not count anyway. */
  #drop(repetitions: number) {
    this.#waiting -= Math.min(this.#waiting, Math.max(0, this.#counted - repetitions));
  }

  /** Remove one repetition. @returns whether there was one */
  undo(): boolean {
    if (this.repetitions === 0) return false;
    this.#waiting += 1;
    return true;
  }

  /** Return how many removals to ask the server for now, each once. @param isAll whether those of repetitions that it may not have counted are among them */
  takeRemovals(isAll = false): number {
    if (!isAll && this.#server < this.#counted) return 0;
    const removals = this.#waiting;
    this.#undone += removals;
    this.#waiting = 0;
    return removals;
  }

  /** Restore a repetition whose removal failed. */
  redo() {
    this.#undone = Math.max(0, this.#undone - 1);
  }
}
