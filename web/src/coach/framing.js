/**
 * Who has left the picture is not counted, and has to be told at once, but once only.
 * @module
 */

import { SENTENCES } from "./sentences.js";

/** Shorter than this it was the pose model that blinked. */
const OUT_OF_FRAME_MS = 1500;

/** The cue for who has left. @param {number} atMs */
export function comeBack(atMs) {
  return { repetition: 0, cue: SENTENCES.left, say: SENTENCES.left, atMs, urgent: true };
}

/** Watches whether an athlete stays in the picture. */
export class Framing {
  /** Since when the athlete is out of it; for ever once that was told. @type {number | null} */
  #outSinceMs = null;

  /** @param {number} timeMs @param {boolean} inFrame @returns {boolean} whether it has to be told now */
  hasLeft(timeMs, inFrame) {
    const since = this.#outSinceMs;
    this.#outSinceMs = inFrame ? null : since ?? timeMs;
    if (since === null || inFrame || timeMs - since < OUT_OF_FRAME_MS) return false;
    this.#outSinceMs = Infinity;
    return true;
  }
}
