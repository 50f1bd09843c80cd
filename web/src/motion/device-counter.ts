/**
 * Device counter: counts with the same exercise definitions as the server, even without a network.
 *
 * It corresponds to `domain/motion/fold.py` during a set. Learned parameters and the second pass over a
 * whole set exist only on the server, whose count replaces this one (C-02).
 * @module
 */

import { HoldCounter } from "./hold-counter.ts";
import { Observer, type Definition } from "./observer.ts";
import { RepetitionCounter, type Repeated } from "./repetition-counter.ts";
import { Sampler } from "./sampling.ts";
import type { Frame } from "./body.ts";

export interface Counted {
  /** of the set so far */
  repetitions: number;
  phase: "rest" | "eccentric" | "effort" | "concentric" | "hold";
  /** of the latest repetition or of the hold, 0..1 */
  form: number | null;
  /** whether all joints of the exercise are in the picture and visible */
  inFrame: boolean;
  /** whether the athlete is in the picture, even if joints are hidden */
  present: boolean;
  /** stature as a share of the picture's longer side */
  fills: number | null;
  /** the better visible side of the body */
  side: "left" | "right" | null;
  /** view of the camera */
  view: "front" | "side" | "oblique" | "rear" | null;
  /** of a timed exercise so far */
  heldMs: number;
  /** repetition that this frame completed */
  event: Repeated | null;
}

/** A pose that is missing for longer is a lost athlete; shorter gaps are glitches of the model. */
const LOST_AFTER_S = 0.5;

/** Counts one set of one exercise, frame by frame. */
export class DeviceCounter {
  #definition;
  #observer;
  #sampler = new Sampler();
  #reader: RepetitionCounter | HoldCounter;
  #lastFrameS: number | null = null;
  #lastPoseS: number | null = null;

  /** @param definition response of `GET /v1/exercises/{id}` */
  constructor(definition: Definition) {
    this.#definition = definition;
    this.#observer = new Observer(definition);
    this.#reader = this.#newReader();
  }

  /** Process a frame; frames that are not later than the previous one are not counted. */
  push(frame: Frame): Counted {
    const timeS = frame.timeMs / 1000;
    const { cells, inFrame, present, fills, view, side } = this.#observer.read(frame);
    const event = this.#lastFrameS !== null && timeS <= this.#lastFrameS ? null : this.#frame(timeS, cells);
    const { repetitions, phase, form, heldMs } = this.#reader;
    return { repetitions, phase, form, inFrame, present, fills, side, view, heldMs, event };
  }

  /** Begin a new set. */
  reset() {
    this.#sampler = new Sampler();
    this.#reader = this.#newReader();
    this.#lastFrameS = null;
    this.#lastPoseS = null;
  }

  #newReader() {
    return this.#definition.kind === "hold" ? new HoldCounter(this.#definition) : new RepetitionCounter(this.#definition);
  }

  #frame(timeS: number, cells: number[] | null) {
    this.#lastFrameS = timeS;
    const ready = cells ? [] : this.#sampler.close();
    if (this.#lastPoseS !== null && timeS - this.#lastPoseS > LOST_AFTER_S) {
      ready.push(...this.#sampler.flush());
      this.#lastPoseS = null;
    }
    if (cells) {
      this.#lastPoseS = timeS;
      ready.push(...this.#sampler.push(timeS, cells));
    }
    let event: Repeated | null = null;
    for (const row of ready) event = this.#reader.moment(row) ?? event;
    return event;
  }
}
