/**
 * Count of one set from three sources: the device, the server (authoritative), and the athlete's
 * corrections.
 * @module
 */

import { Framing } from "../coach/framing.ts";
import { Tally } from "../coach/tally.ts";
import type { Cue } from "../coach/set-count.ts";

/** Counts one set. */
export class CameraCount {
  #tally = new Tally();
  #framing = new Framing();
  /** Cues already shown; a chunk that is sent again gets the same answer. */
  #cued = new Set();
  #byHand;

  /** @param seen camera count when the set resumed after a reload @param byHand the athlete's corrections before the reload */
  constructor(seen = 0, byHand = 0) {
    this.#tally.settle(seen);
    this.#byHand = byHand;
  }

  /** The count to show. */
  get repetitions() {
    return Math.max(0, this.#tally.repetitions + this.#byHand);
  }

  /** Add or remove one repetition by hand. */
  correct(by: 1 | -1) {
    this.#byHand += by;
  }

  /** Set the device's count. */
  device(repetitions: number) {
    this.#tally.device(repetitions);
  }

  /** Set the server's count. */
  server({ repetitions, setOver, mode }: {repetitions: number, setOver: boolean, mode: string}) {
    if (mode === "degraded") this.#tally.provisional(repetitions);
    else if (setOver) this.#tally.settle(repetitions);
    else this.#tally.server(repetitions);
  }

  /** The cues that were not shown before. */
  fresh(cues: Cue[]) {
    return cues.filter(({ atMs, cue }) => {
      const key = `${atMs} ${cue}`;
      return !this.#cued.has(key) && this.#cued.add(key);
    });
  }

  /** Whether to tell the athlete now that they have left the picture. */
  hasLeft(timeMs: number, present: boolean) {
    return this.#framing.hasLeft(timeMs, present);
  }
}
