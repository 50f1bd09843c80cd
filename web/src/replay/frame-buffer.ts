/**
 * Buffer of received frames, ordered by time, from any part of the recording.
 * @module
 */

import { Frames } from "../session/pose-frames.ts";
import { figureOf, type Figure } from "../ghost/figure.ts";
import { turnedDegOf } from "../ghost/turned.ts";
import { COUNT } from "../motion/landmarks.ts";
import type { World } from "../ghost/space.ts";

/** as received */
export type Frame = {frame: number, timeMs: number, landmarks: (number[] | null)[] | null, worldLandmarks: (number[] | null)[] | null};
/** entry of the chunk index */
export type Entry = {first: number, frames: number, startMs: number, endMs: number};

const SEEN = 4;
const METRES = 3;

function numbers(rows: (number[] | null)[] | null, width: number): Float32Array | null {
  if (!rows) return null;
  const values = new Float32Array(COUNT * width).fill(NaN);
  rows.forEach((row, at) => { if (row) values.set(row.map((each) => each ?? NaN), width * at); });
  return values;
}

/** Poses of 33 × (x, y, z, visibility), looked up by seconds. */
export class FrameBuffer extends Frames {
  aspect: number;

  #worlds: (Float32Array | null)[] = [];
  #chunks: Set<number> = new Set();
  /** Chunks that will never arrive. */
  #missing: Set<number> = new Set();

  /** @param aspect of the picture */
  constructor(aspect: number) {
    super("", 0);
    this.aspect = aspect;
    this.between = new Float32Array(COUNT * SEEN);
  }

  /** Add a chunk, once. */
  put({ chunk, frames }: {chunk: number, frames: Frame[]}) {
    if (this.#chunks.has(chunk) || frames.length === 0) return;
    this.#chunks.add(chunk);
    const at = this.before(frames[0].timeMs / 1000) + 1;
    this.times.splice(at, 0, ...frames.map(({ timeMs }) => timeMs / 1000));
    this.poses.splice(at, 0, ...frames.map(({ landmarks }) => numbers(landmarks, SEEN)));
    this.#worlds.splice(at, 0, ...frames.map(({ worldLandmarks }) => numbers(worldLandmarks, METRES)));
  }

  /** Mark a chunk as missing. */
  miss(chunk: number) {
    this.#missing.add(chunk);
  }

  /** The missing chunks, in order. */
  missing(index: Entry[]): Entry[] {
    return index.filter((_, chunk) => this.#missing.has(chunk));
  }

  /** Whether every chunk of a time range has arrived or is missing. */
  has(index: Entry[], startMs: number, endMs: number) {
    return index.every((entry, chunk) => entry.endMs < startMs || entry.startMs > endMs || this.#chunks.has(chunk) || this.#missing.has(chunk));
  }

  /** The recorded figure at a time, in picture heights. */
  figureAt(timeS: number): Figure | null {
    const pose = this.at(timeS);
    return pose && figureOf(pose, this.aspect);
  }

  /** The recorded body in space at a time; null if depth was not recorded. */
  worldAt(timeS: number): World | null {
    const at = Math.max(this.before(timeS), 0);
    return this.near(at, timeS) && this.#worlds[at];
  }

  /** Angle between the recorded trunk and the camera, in degrees. */
  turnedDegAt(timeS: number) {
    const at = Math.max(this.before(timeS), 0);
    return turnedDegOf({ timeMs: 0, landmarks: this.poses[at] ?? null, world: this.#worlds[at] ?? null, aspectRatio: this.aspect });
  }
}
