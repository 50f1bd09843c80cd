/**
 * Counts the time of a held position, like `domain/motion/counting/holds.py`.
 * @module
 */

import { isBeyond, isShown } from "./form.ts";
import { FACING, FIRST_MEASURE, viewOf, type Definition } from "./observer.ts";
import type { Row } from "./sampling.ts";

/** A hold ends after this long out of position; shorter wobbles are ignored. */
const LEFT_AFTER_S = 0.7;

/** Times one set of a held position. */
export class HoldCounter {
  repetitions = 0;
  /** 1 minus the penalties of the faults, each weighted by its share of the time; null before a hold. */
  form: number | null = null;
  phase: "hold" | "rest" = "rest";
  #definition;
  #beforeS = 0;
  #held: {startedS: number, lastS: number, samples: number, facing: number, beyond: number[]} | null = null;

  constructor(definition: Definition) {
    this.#definition = definition;
  }

  /** Total hold time of the set. */
  get heldMs() {
    return Math.round(1000 * (this.#beforeS + this.#underwayS()));
  }

  /** Process the next row; a hold completes no repetition. */
  moment(row: Row) {
    const { hold, faults } = this.#definition;
    const measured = row.cells[FIRST_MEASURE + faults.length];
    const isHeld = hold !== null && measured >= hold.above && measured <= hold.below;
    if (this.#held && row.timeS - this.#held.lastS > LEFT_AFTER_S) {
      this.#beforeS += this.#underwayS();
      this.#held = null;
    }
    if (isHeld) this.#continue(row);
    this.phase = isHeld ? "hold" : "rest";
    return null;
  }

  #underwayS() {
    const seconds = this.#held ? this.#held.lastS - this.#held.startedS : 0;
    return seconds >= (this.#definition.hold?.leastS ?? 0) ? seconds : 0;
  }

  #continue(row: Row) {
    const { faults } = this.#definition;
    const held = (this.#held ??= { startedS: row.timeS, lastS: row.timeS, samples: 0, facing: 0, beyond: faults.map(() => 0) });
    held.lastS = row.timeS;
    held.samples += 1;
    held.facing += row.cells[FACING];
    const view = viewOf(held.facing / held.samples);
    faults.forEach((fault, index) => {
      if (isShown(fault, view) && isBeyond(fault, row.cells[FIRST_MEASURE + index])) held.beyond[index] += 1;
    });
    const penalty = faults.reduce((sum, fault, index) => sum + (fault.penalty * held.beyond[index]) / held.samples, 0);
    this.form = Math.max(1 - penalty, 0);
  }
}
