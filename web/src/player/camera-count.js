/**
 * What a camera counts of one set: the device at once, the server with the last word, and what the
 * athlete adds and takes back.
 * @module
 */

import { Framing } from "../coach/framing.js";
import { Tally } from "../coach/tally.js";

/** @typedef {import("../coach/training.js").Cue} Cue */

/** Follows one set. */
export class CameraCount {
  #tally = new Tally();
  #framing = new Framing();
  /** Cues that were told; a chunk that is sent again is answered as before. */
  #cued = new Set();
  #byHand;

  /** @param {number} [seen] What the camera had counted when the set went on after a reload. @param {number} [byHand] What the athlete had said beside it. */
  constructor(seen = 0, byHand = 0) {
    this.#tally.settle(seen);
    this.#byHand = byHand;
  }

  /** What the athlete is shown. */
  get repetitions() {
    return Math.max(0, this.#tally.repetitions + this.#byHand);
  }

  /** One more by hand, or one less. @param {1 | -1} by */
  correct(by) {
    this.#byHand += by;
  }

  /** What the device counts. @param {number} repetitions */
  device(repetitions) {
    this.#tally.device(repetitions);
  }

  /** What the server counts. @param {{repetitions: number, setOver: boolean}} answer */
  server({ repetitions, setOver }) {
    if (setOver) this.#tally.settle(repetitions);
    else this.#tally.server(repetitions);
  }

  /** Those cues of an answer that were not told before. @param {Cue[]} cues */
  fresh(cues) {
    return cues.filter(({ atMs, cue }) => {
      const key = `${atMs} ${cue}`;
      return !this.#cued.has(key) && this.#cued.add(key);
    });
  }

  /** Whether the athlete has to be told now of having left the picture. @param {number} timeMs @param {boolean} inFrame */
  hasLeft(timeMs, inFrame) {
    return this.#framing.hasLeft(timeMs, inFrame);
  }
}
