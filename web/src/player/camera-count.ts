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
  #onRemoval;

  /** @param onRemoval asks the server to remove one repetition of the set @param seen camera count when the set resumed after a reload @param byHand the athlete's corrections before the reload */
  constructor(onRemoval: () => void, seen = 0, byHand = 0) {
    this.#onRemoval = onRemoval;
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

  /** Remove the last repetition. The server is asked once it has counted it; at once if its answers are delayed. */
  undo({ isDelayed }: {isDelayed: boolean}) {
    if (this.#byHand <= 0 && this.#tally.undo()) return this.#remove(isDelayed);
    this.#byHand -= 1;
    this.#onRemoval();
  }

  /** Ask for the removals that still wait: no answer will come. */
  removeAll() {
    this.#remove(true);
  }

  #remove(isAll = false) {
    for (let left = this.#tally.takeRemovals(isAll); left > 0; left -= 1) this.#onRemoval();
  }

  /** Set the device's count. */
  device(repetitions: number) {
    this.#tally.device(repetitions);
  }

  /** Set the server's count. @param isCaughtUp whether it has counted all but the latest frames */
  server({ repetitions, setOver, mode }: {repetitions: number, setOver: boolean, mode: string}, isCaughtUp: boolean) {
    if (mode === "degraded") this.#tally.provisional(repetitions);
    else if (setOver) this.#tally.settle(repetitions);
    else this.#tally.server(repetitions, isCaughtUp);
    this.#remove();
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
