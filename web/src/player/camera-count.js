/**
 * Count of one set from three sources: the device, the server (authoritative), and the athlete's
 * corrections.
 * @module
 */

import { Framing } from "../coach/framing.js";
import { Tally } from "../coach/tally.js";

/** @typedef {import("../coach/training.js").Cue} Cue */

/** Counts one set. */
export class CameraCount {
  #tally = new Tally();
  #framing = new Framing();
  /** Cues already shown; a chunk that is sent again gets the same answer. */
  #cued = new Set();
  #byHand;

  /** @param {number} [seen] camera count when the set resumed after a reload @param {number} [byHand] the athlete's corrections before the reload */
  constructor(seen = 0, byHand = 0) {
    this.#tally.settle(seen);
    this.#byHand = byHand;
  }

  /** The count to show. */
  get repetitions() {
    return Math.max(0, this.#tally.repetitions + this.#byHand);
  }

  /** Add or remove one repetition by hand. @param {1 | -1} by */
  correct(by) {
    this.#byHand += by;
  }

  /** Set the device's count. @param {number} repetitions */
  device(repetitions) {
    this.#tally.device(repetitions);
  }

  /** Set the server's count. @param {{repetitions: number, setOver: boolean, mode: string}} answer */
  server({ repetitions, setOver, mode }) {
    if (mode === "degraded") this.#tally.provisional(repetitions);
    else if (setOver) this.#tally.settle(repetitions);
    else this.#tally.server(repetitions);
  }

  /** The cues that were not shown before. @param {Cue[]} cues */
  fresh(cues) {
    return cues.filter(({ atMs, cue }) => {
      const key = `${atMs} ${cue}`;
      return !this.#cued.has(key) && this.#cued.add(key);
    });
  }

  /** Whether to tell the athlete now that they have left the picture. @param {number} timeMs @param {boolean} present */
  hasLeft(timeMs, present) {
    return this.#framing.hasLeft(timeMs, present);
  }
}
