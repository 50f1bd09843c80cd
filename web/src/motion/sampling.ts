/**
 * Resamples frames to fifteen rows per second, independent of the camera's frame rate.
 *
 * As in `domain/motion/signals/resampling.py`: frames within a fifteenth of a second are averaged, short gaps are
 * interpolated linearly, and the effort is smoothed, which delays it by two rows.
 * @module
 */

import { EFFORT } from "./observer.ts";

export type Row = {timeS: number, smooth: number, cells: number[]};

export const RATE_HZ = 15;

/** Triangular filter over a third of a second: -3 dB at 2.6 Hz, above the fastest repetitions. */
export const TAPS = [1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9];

/** Gaps up to half a second are interpolated; no repetition fits into one. */
const BRIDGED_SLOTS = 8;

/** Turns measured frames into smoothed rows, with a delay. */
export class Sampler {
  #slot: number | null = null;
  #frames = 0;
  #sums: number[] = [];
  #window: Row[] = [];

  /** Add a frame and return the rows that are final now. */
  push(timeS: number, cells: number[]): Row[] {
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

  /** Close the open slot, for example before a frame without a pose. */
  close(): Row[] {
    if (this.#slot === null) return [];
    const [timeS, ...cells] = this.#sums.map((sum) => sum / this.#frames);
    this.#slot = null;
    return this.#append({ timeS, smooth: NaN, cells });
  }

  /** Close the slot and the window, because no rows follow to smooth with. */
  flush(): Row[] {
    const ready = this.close();
    const last = this.#window.at(-1);
    if (last) ready.push(...this.#slide(last), ...this.#slide(last));
    this.#window = [];
    return ready;
  }

  #append(row: Row): Row[] {
    const last = this.#window.at(-1);
    if (!last) return this.#begin(row);
    const gap = roundHalfEven((row.timeS - last.timeS) * RATE_HZ);
    if (gap > BRIDGED_SLOTS) return [...this.flush(), ...this.#begin(row)];
    const ready = [];
    for (let step = 1; step < gap; step += 1) ready.push(...this.#slide(between(last, row, step / gap)));
    return [...ready, ...this.#slide(row)];
  }

  #begin(row: Row) {
    this.#window = [row, row];
    return this.#slide(row);
  }

  #slide(row: Row): Row[] {
    this.#window.push(row);
    if (this.#window.length < TAPS.length) return [];
    const centre = this.#window[2];
    const smooth = TAPS.reduce((sum, tap, index) => sum + tap * this.#window[index].cells[EFFORT], 0);
    this.#window.shift();
    return [{ ...centre, smooth }];
  }
}

function between(before: Row, after: Row, share: number): Row {
  const at = (from: number, to: number) => from + (to - from) * share;
  return { timeS: at(before.timeS, after.timeS), smooth: NaN, cells: before.cells.map((cell, index) => at(cell, after.cells[index])) };
}

/** Round like Python, halves to the even neighbor; at 30 frames per second every other time is a half. */
export function roundHalfEven(value: number) {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
