/**
 * Collects frames to chunks of about half a second (R-LIV-03, C-30).
 * @module
 */

import { COUNT } from "../motion/landmarks.ts";
import type { PicturedFrame as Frame } from "./chunk-codec.ts";

/** Duration of a chunk unless the server sets another one, and its bounds. */
export const USUAL_MS = 500;
const SHORTEST_MS = 500;
const LONGEST_MS = 2000;

/** Maximum number of frames per chunk, well below the protocol's limit of 600. */
const MOST_FRAMES = 300;

/** The server rejects landmarks further away. */
const FURTHEST = 100;

/** Collects frames until a chunk is due. */
export class Chunker {
  #intervalMs = USUAL_MS;
  #frames: Frame[] = [];
  #lastMs = -Infinity;
  /** A picture whose frame has not arrived yet. */
  #early: {timeMs: number, image: Uint8Array} | null = null;

  /** Ignore frames up to this time. */
  constructor(lastMs: number = -Infinity) {
    this.#lastMs = lastMs;
  }

  /** Duration of a chunk. */
  get intervalMs() {
    return this.#intervalMs;
  }

  /** Set the duration that the server requests (R-LIV-07). */
  set intervalMs(intervalMs: number) {
    this.#intervalMs = Math.min(Math.max(intervalMs, SHORTEST_MS), LONGEST_MS);
  }

  /**
   * Add a frame. Return the frames of a chunk that became due before it, or null. Frames that are not
   * later than the previous one are ignored.
   */
  add(frame: Frame): Frame[] | null {
    if (!(frame.timeMs > this.#lastMs) || frame.timeMs < 0) return null;
    const first = this.#frames.at(0);
    const isDue = first && (frame.timeMs - first.timeMs >= this.#intervalMs || this.#frames.length >= MOST_FRAMES);
    const due = isDue ? this.take() : null;
    this.#lastMs = frame.timeMs;
    this.#frames.push(whole(frame));
    if (this.#early && this.#early.timeMs <= frame.timeMs) this.picture(this.#early.timeMs, this.#early.image);
    return due;
  }

  /** Attach a picture to the frame with the same time, which is collected or comes next; it is dropped if the frame is gone. */
  picture(timeMs: number, image: Uint8Array) {
    const frame = this.#frames.find((each) => each.timeMs === timeMs);
    if (frame) frame.image = image;
    this.#early = timeMs > this.#lastMs ? { timeMs, image } : null;
  }

  /** Return and remove all collected frames, for example at the end of a set. */
  take(): Frame[] {
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }
}

/** Copy a frame, because its source may reuse the arrays. A landmark has all its numbers or none. */
function whole({ timeMs, landmarks, world, aspectRatio }: Frame) {
  const image = landmarks ? points(landmarks, 4) : null;
  if (image) for (let at = 3; at < 4 * COUNT; at += 4) image[at] = Math.min(Math.max(image[at], 0), 1);
  return { timeMs, landmarks: image, world: image && world ? points(world, 3) : null, aspectRatio };
}

function points(values: Float32Array, width: number) {
  const copy = values.slice(0, width * COUNT);
  for (let at = 0; at < copy.length; at += width) {
    const point = copy.subarray(at, at + width);
    if (!point.every((value) => Math.abs(value) <= FURTHEST)) point.fill(NaN);
  }
  return copy;
}
