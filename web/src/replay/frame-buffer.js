/**
 * Buffer of received frames, ordered by time, from any part of the recording.
 * @module
 */

import { Frames } from "../session/pose-frames.js";
import { figureOf } from "../ghost/figure.js";
import { turnedDegOf } from "../ghost/ghost-coach.js";
import { COUNT } from "../motion/landmarks.js";

/** @typedef {{frame: number, timeMs: number, landmarks: (number[] | null)[] | null, worldLandmarks: (number[] | null)[] | null}} Frame as received */
/** @typedef {{first: number, frames: number, startMs: number, endMs: number}} Entry entry of the chunk index */

const SEEN = 4;
const METRES = 3;

/** @param {(number[] | null)[] | null} rows @param {number} width @returns {Float32Array | null} */
function numbers(rows, width) {
  if (!rows) return null;
  const values = new Float32Array(COUNT * width).fill(NaN);
  rows.forEach((row, at) => { if (row) values.set(row.map((each) => each ?? NaN), width * at); });
  return values;
}

/** Poses of 33 × (x, y, z, visibility), looked up by seconds. */
export class FrameBuffer extends Frames {
  /** @type {(Float32Array | null)[]} */
  #worlds = [];
  /** @type {Set<number>} */
  #chunks = new Set();
  /** Chunks that will never arrive. @type {Set<number>} */
  #missing = new Set();

  /** @param {number} aspect of the picture */
  constructor(aspect) {
    super("", 0);
    this.aspect = aspect;
    this.between = new Float32Array(COUNT * SEEN);
  }

  /** Add a chunk, once. @param {{chunk: number, frames: Frame[]}} message */
  put({ chunk, frames }) {
    if (this.#chunks.has(chunk) || frames.length === 0) return;
    this.#chunks.add(chunk);
    const at = this.before(frames[0].timeMs / 1000) + 1;
    this.times.splice(at, 0, ...frames.map(({ timeMs }) => timeMs / 1000));
    this.poses.splice(at, 0, ...frames.map(({ landmarks }) => numbers(landmarks, SEEN)));
    this.#worlds.splice(at, 0, ...frames.map(({ worldLandmarks }) => numbers(worldLandmarks, METRES)));
  }

  /** Mark a chunk as missing. @param {number} chunk */
  miss(chunk) {
    this.#missing.add(chunk);
  }

  /** The missing chunks, in order. @param {Entry[]} index @returns {Entry[]} */
  missing(index) {
    return index.filter((_, chunk) => this.#missing.has(chunk));
  }

  /** Whether every chunk of a time range has arrived or is missing. @param {Entry[]} index @param {number} startMs @param {number} endMs */
  has(index, startMs, endMs) {
    return index.every((entry, chunk) => entry.endMs < startMs || entry.startMs > endMs || this.#chunks.has(chunk) || this.#missing.has(chunk));
  }

  /** The recorded figure at a time, in picture heights. @param {number} timeS @returns {import("../ghost/figure.js").Figure | null} */
  figureAt(timeS) {
    const pose = this.at(timeS);
    return pose && figureOf(pose, this.aspect);
  }

  /** The recorded body in space at a time; null if depth was not recorded. @param {number} timeS @returns {import("../ghost/space.js").World | null} */
  worldAt(timeS) {
    const at = Math.max(this.before(timeS), 0);
    return this.near(at, timeS) && this.#worlds[at];
  }

  /** Angle between the recorded trunk and the camera, in degrees. @param {number} timeS */
  turnedDegAt(timeS) {
    const at = Math.max(this.before(timeS), 0);
    return turnedDegOf({ timeMs: 0, landmarks: this.poses[at] ?? null, world: this.#worlds[at] ?? null, aspectRatio: this.aspect });
  }
}
