/**
 * A device counts while the network is away, by the same exercise definitions as the server.
 *
 * It does what `domain/motion/fold.py` does while a set lasts. What was learned of exercises and the
 * second look at a whole set stay on the server, whose count replaces this one (C-02).
 * @module
 */

import { Holder } from "./hold-counter.js";
import { Observer } from "./observer.js";
import { Repeater } from "./repetition-counter.js";
import { Sampler } from "./sampling.js";

/** @typedef {import("./body.js").Frame} Frame */
/** @typedef {import("./observer.js").Definition} Definition */
/** @typedef {import("./repetition-counter.js").Repeated} Repeated */
/**
 * @typedef {object} Counted
 * @property {number} repetitions Of the set, so far.
 * @property {"rest" | "eccentric" | "effort" | "concentric" | "hold"} phase
 * @property {number | null} form Of the latest repetition, or of the hold, 0..1.
 * @property {boolean} inFrame Whether all joints that the exercise needs are in the picture and seen.
 * @property {"left" | "right" | null} side The side of the body that the camera sees better.
 * @property {"front" | "side" | "oblique" | "rear" | null} view From where the camera looks.
 * @property {number} heldMs Of a timed exercise, so far.
 * @property {Repeated | null} event What this frame completed.
 */

/** Half a second without a pose is a lost athlete; shorter gaps are a blink of the model. */
const LOST_AFTER_S = 0.5;

/** Counts one set of one exercise, frame by frame. */
export class DeviceCounter {
  #definition;
  #observer;
  #sampler = new Sampler();
  /** @type {Repeater | Holder} */
  #reader;
  /** @type {number | null} */
  #lastFrameS = null;
  /** @type {number | null} */
  #lastPoseS = null;

  /** @param {Definition} definition As `GET /v1/exercises/{id}` gives it. */
  constructor(definition) {
    this.#definition = definition;
    this.#observer = new Observer(definition);
    this.#reader = this.#newReader();
  }

  /** Take a frame; one that is not later than the one before it counts for nothing. @param {Frame} frame @returns {Counted} */
  push(frame) {
    const timeS = frame.timeMs / 1000;
    const { cells, inFrame, view, side } = this.#observer.read(frame);
    const event = this.#lastFrameS !== null && timeS <= this.#lastFrameS ? null : this.#frame(timeS, cells);
    const { repetitions, phase, form, heldMs } = this.#reader;
    return { repetitions, phase, form, inFrame, side, view, heldMs, event };
  }

  /** Begin a new set. */
  reset() {
    this.#sampler = new Sampler();
    this.#reader = this.#newReader();
    this.#lastFrameS = null;
    this.#lastPoseS = null;
  }

  #newReader() {
    return this.#definition.kind === "hold" ? new Holder(this.#definition) : new Repeater(this.#definition);
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
