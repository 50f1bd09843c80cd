/**
 * All frames since the last time go together, about every half second (R-LIV-03, C-30).
 * @module
 */

import { COUNT } from "../motion/landmarks.js";

/** @typedef {import("./chunk-codec.js").PicturedFrame} Frame */

/** What a chunk spans unless the server says otherwise, and the bounds within which it may. */
export const USUAL_MS = 500;
const SHORTEST_MS = 500;
const LONGEST_MS = 2000;

/** Well below the 600 frames that a chunk may have: nobody's camera is that fast. */
const MOST_FRAMES = 300;

/** The server takes no landmark that is further away. */
const FURTHEST = 100;

/** Gathers frames until a chunk is due. */
export class Chunker {
  #intervalMs = USUAL_MS;
  /** @type {Frame[]} */
  #frames = [];
  #lastMs = -Infinity;
  /** A picture whose frame has not come yet. @type {{timeMs: number, image: Uint8Array} | null} */
  #early = null;

  /** Frames up to this time are known already. @param {number} [lastMs] */
  constructor(lastMs = -Infinity) {
    this.#lastMs = lastMs;
  }

  /** Time from one chunk to the next. */
  get intervalMs() {
    return this.#intervalMs;
  }

  /** What the server asked for last (R-LIV-07). @param {number} intervalMs */
  set intervalMs(intervalMs) {
    this.#intervalMs = Math.min(Math.max(intervalMs, SHORTEST_MS), LONGEST_MS);
  }

  /**
   * Take a frame; give the frames of a chunk that became due before it, else null. One that is not
   * later than the frame before it is passed over.
   * @param {Frame} frame @returns {Frame[] | null}
   */
  add(frame) {
    if (!(frame.timeMs > this.#lastMs) || frame.timeMs < 0) return null;
    const first = this.#frames.at(0);
    const isDue = first && (frame.timeMs - first.timeMs >= this.#intervalMs || this.#frames.length >= MOST_FRAMES);
    const due = isDue ? this.take() : null;
    this.#lastMs = frame.timeMs;
    this.#frames.push(whole(frame));
    if (this.#early && this.#early.timeMs <= frame.timeMs) this.picture(this.#early.timeMs, this.#early.image);
    return due;
  }

  /**
   * Put a picture to the frame of its time, which waits or comes next; one whose frame has gone is left out.
   * @param {number} timeMs @param {Uint8Array} image
   */
  picture(timeMs, image) {
    const frame = this.#frames.find((each) => each.timeMs === timeMs);
    if (frame) frame.image = image;
    this.#early = timeMs > this.#lastMs ? { timeMs, image } : null;
  }

  /** Give all frames that wait, as at the end of a set. @returns {Frame[]} */
  take() {
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }
}

/** Copy a frame, as its source may use the arrays again; a landmark is there with all its numbers or absent. @param {Frame} frame */
function whole({ timeMs, landmarks, world, aspectRatio }) {
  const image = landmarks ? points(landmarks, 4) : null;
  if (image) for (let at = 3; at < 4 * COUNT; at += 4) image[at] = Math.min(Math.max(image[at], 0), 1);
  return { timeMs, landmarks: image, world: image && world ? points(world, 3) : null, aspectRatio };
}

/** @param {Float32Array} values @param {number} width */
function points(values, width) {
  const copy = values.slice(0, width * COUNT);
  for (let at = 0; at < copy.length; at += width) {
    const point = copy.subarray(at, at + width);
    if (!point.every((value) => Math.abs(value) <= FURTHEST)) point.fill(NaN);
  }
  return copy;
}
