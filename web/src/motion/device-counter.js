/**
 * Device counter: counts with the same exercise definitions as the server, even without a network.
 *
 * It corresponds to `domain/motion/fold.py` during a set. Learned parameters and the second pass over a
 * whole set exist only on the server, whose count replaces this one (C-02).
 * @module
 */

import { HoldCounter } from "./hold-counter.js";
import { Observer } from "./observer.js";
import { RepetitionCounter } from "./repetition-counter.js";
import { Sampler } from "./sampling.js";

/** @typedef {import("./body.js").Frame} Frame */
/** @typedef {import("./observer.js").Definition} Definition */
/** @typedef {import("./repetition-counter.js").Repeated} Repeated */
/**
 * @typedef {object} Counted
 * @property {number} repetitions of the set so far
 * @property {"rest" | "eccentric" | "effort" | "concentric" | "hold"} phase
 * @property {number | null} form of the latest repetition or of the hold, 0..1
 * @property {boolean} inFrame whether all joints of the exercise are in the picture and visible
 * @property {boolean} present whether the athlete is in the picture, even if joints are hidden
 * @property {number | null} fills stature as a share of the picture's longer side
 * @property {"left" | "right" | null} side the better visible side of the body
 * @property {"front" | "side" | "oblique" | "rear" | null} view view of the camera
 * @property {number} heldMs of a timed exercise so far
 * @property {Repeated | null} event repetition that this frame completed
 */

/** A pose that is missing for longer is a lost athlete; shorter gaps are glitches of the model. */
const LOST_AFTER_S = 0.5;

/** Counts one set of one exercise, frame by frame. */
export class DeviceCounter {
  #definition;
  #observer;
  #sampler = new Sampler();
  /** @type {RepetitionCounter | HoldCounter} */
  #reader;
  /** @type {number | null} */
  #lastFrameS = null;
  /** @type {number | null} */
  #lastPoseS = null;

  /** @param {Definition} definition response of `GET /v1/exercises/{id}` */
  constructor(definition) {
    this.#definition = definition;
    this.#observer = new Observer(definition);
    this.#reader = this.#newReader();
  }

  /** Process a frame; frames that are not later than the previous one are not counted. @param {Frame} frame @returns {Counted} */
  push(frame) {
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

  /** @param {number} timeS @param {number[] | null} cells */
  #frame(timeS, cells) {
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
    /** @type {Repeated | null} */
    let event = null;
    for (const row of ready) event = this.#reader.moment(row) ?? event;
    return event;
  }
}
