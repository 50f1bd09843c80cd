/**
 * The frames of a recording that have come so far, in the order of their times, from wherever it was played.
 * @module
 */

import { Frames } from "../session/pose-frames.js";
import { figureOf } from "../ghost/figure.js";
import { turnedDegOf } from "../ghost/ghost-coach.js";
import { COUNT } from "../motion/landmarks.js";

/** @typedef {{frame: number, timeMs: number, landmarks: (number[] | null)[] | null, worldLandmarks: (number[] | null)[] | null}} Frame as it is sent */
/** @typedef {{first: number, frames: number, startMs: number, endMs: number}} Entry of the index */

const SEEN = 4;
const METRES = 3;

/** @param {(number[] | null)[] | null} rows @param {number} width @returns {Float32Array | null} */
function numbers(rows, width) {
  if (!rows) return null;
  const values = new Float32Array(COUNT * width).fill(NaN);
  rows.forEach((row, at) => { if (row) values.set(row.map((each) => each ?? NaN), width * at); });
  return values;
}

/** Poses of 33 × (x, y, z, visibility), by seconds. */
export class KeptFrames extends Frames {
  /** @type {(Float32Array | null)[]} */
  #worlds = [];
  /** @type {Set<number>} */
  #chunks = new Set();
  /** Chunks that will never come. @type {Set<number>} */
  #missing = new Set();

  /** @param {number} aspect of the picture */
  constructor(aspect) {
    super("", 0);
    this.aspect = aspect;
    this.between = new Float32Array(COUNT * SEEN);
  }

  /** Keep a chunk, once. @param {{chunk: number, frames: Frame[]}} message */
  put({ chunk, frames }) {
    if (this.#chunks.has(chunk) || frames.length === 0) return;
    this.#chunks.add(chunk);
    const at = this.before(frames[0].timeMs / 1000) + 1;
    this.times.splice(at, 0, ...frames.map(({ timeMs }) => timeMs / 1000));
    this.poses.splice(at, 0, ...frames.map(({ landmarks }) => numbers(landmarks, SEEN)));
    this.#worlds.splice(at, 0, ...frames.map(({ worldLandmarks }) => numbers(worldLandmarks, METRES)));
  }

  /** Do not wait for a chunk. @param {number} chunk */
  miss(chunk) {
    this.#missing.add(chunk);
  }

  /** The chunks that will never come, in order. @param {Entry[]} index @returns {Entry[]} */
  missing(index) {
    return index.filter((_, chunk) => this.#missing.has(chunk));
  }

  /** Whether all of a stretch has come that ever will. @param {Entry[]} index @param {number} startMs @param {number} endMs */
  has(index, startMs, endMs) {
    return index.every((entry, chunk) => entry.endMs < startMs || entry.startMs > endMs || this.#chunks.has(chunk) || this.#missing.has(chunk));
  }

  /** What was recorded at a time, in picture heights. @param {number} timeS @returns {import("../ghost/figure.js").Figure | null} */
  figureAt(timeS) {
    const pose = this.at(timeS);
    return pose && figureOf(pose, this.aspect);
  }

  /** The body in space at a time, as the frame before it has it; null where that was not recorded. @param {number} timeS @returns {import("../ghost/space.js").World | null} */
  worldAt(timeS) {
    const at = Math.max(this.before(timeS), 0);
    return this.near(at, timeS) && this.#worlds[at];
  }

  /** How far the recorded trunk was turned away from the camera, degrees. @param {number} timeS */
  turnedDegAt(timeS) {
    const at = Math.max(this.before(timeS), 0);
    return turnedDegOf({ timeMs: 0, landmarks: this.poses[at] ?? null, world: this.#worlds[at] ?? null, aspectRatio: this.aspect });
  }
}
