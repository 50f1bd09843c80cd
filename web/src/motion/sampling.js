/**
 * Resamples frames to fifteen rows per second, independent of the camera's frame rate.
 *
 * As in `domain/motion/signals/resampling.py`: frames within a fifteenth of a second are averaged, short gaps are
 * interpolated linearly, and the effort is smoothed, which delays it by two rows.
 * @module
 */

import { EFFORT } from "./observer.js";

/** @typedef {{timeS: number, smooth: number, cells: number[]}} Row */

export const RATE_HZ = 15;

/** Triangular filter over a third of a second: -3 dB at 2.6 Hz, above the fastest repetitions. */
export const TAPS = [1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9];

/** Gaps up to half a second are interpolated; no repetition fits into one. */
const BRIDGED_SLOTS = 8;

/** Turns measured frames into smoothed rows, with a delay. */
export class Sampler {
  /** @type {number | null} */
  #slot = null;
  #frames = 0;
  /** @type {number[]} */
  #sums = [];
  /** @type {Row[]} */
  #window = [];

  /** Add a frame and return the rows that are final now. @param {number} timeS @param {number[]} cells @returns {Row[]} */
  push(timeS, cells) {
    const slot = roundHalfEven(timeS * RATE_HZ);
    const values = [timeS, ...cells];
    if (slot === this.#slot) {
      this.#frames += 1;
      this.#sums = this.#sums.map((sum, index) => sum + values[index]);
      return [];
    }
    const ready = this.close();
    [this.#slot, this.#frames, this.#sums] = [slot, 1, values];
    return ready;
  }

  /** Close the open slot, for example before a frame without a pose. @returns {Row[]} */
  close() {
    if (this.#slot === null) return [];
    const [timeS, ...cells] = this.#sums.map((sum) => sum / this.#frames);
    this.#slot = null;
    return this.#append({ timeS, smooth: NaN, cells });
  }

  /** Close the slot and the window, because no rows follow to smooth with. @returns {Row[]} */
  flush() {
    const ready = this.close();
    const last = this.#window.at(-1);
    if (last) ready.push(...this.#slide(last), ...this.#slide(last));
    this.#window = [];
    return ready;
  }

  /** @param {Row} row @returns {Row[]} */
  #append(row) {
    const last = this.#window.at(-1);
    if (!last) return this.#begin(row);
    const gap = roundHalfEven((row.timeS - last.timeS) * RATE_HZ);
    if (gap > BRIDGED_SLOTS) return [...this.flush(), ...this.#begin(row)];
    const ready = [];
    for (let step = 1; step < gap; step += 1) ready.push(...this.#slide(between(last, row, step / gap)));
    return [...ready, ...this.#slide(row)];
  }

  /** @param {Row} row */
  #begin(row) {
    this.#window = [row, row];
    return this.#slide(row);
  }

  /** @param {Row} row @returns {Row[]} */
  #slide(row) {
    this.#window.push(row);
    if (this.#window.length < TAPS.length) return [];
    const centre = this.#window[2];
    const smooth = TAPS.reduce((sum, tap, index) => sum + tap * this.#window[index].cells[EFFORT], 0);
    this.#window.shift();
    return [{ ...centre, smooth }];
  }
}

/** @param {Row} before @param {Row} after @param {number} share @returns {Row} */
function between(before, after, share) {
  /** @param {number} from @param {number} to */
  const at = (from, to) => from + (to - from) * share;
  return { timeS: at(before.timeS, after.timeS), smooth: NaN, cells: before.cells.map((cell, index) => at(cell, after.cells[index])) };
}

/** Round like Python, halves to the even neighbor; at 30 frames per second every other time is a half. @param {number} value */
export function roundHalfEven(value) {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
