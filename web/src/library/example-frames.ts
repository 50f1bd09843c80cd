/**
 * Frames of an example, as the server takes them.
 * @module
 */

import type { Schemas } from "../api/client.ts";
import { COUNT } from "../motion/landmarks.ts";
import type { PoseFrame } from "../live/pose-source.ts";

/** More than 15 frames a second tell nothing more about the movement. */
const LEAST_APART_MS = 60;

/** Numbers are rounded to a ten-thousandth of the picture, and of a meter. */
const PRECISION = 10_000;

type ImagePoint = [number, number, number, number];
type WorldPoint = [number, number, number];

/** Collects frames while it records. */
export class ExampleFrames {
  #frames: Schemas["ExampleFrame"][] = [];
  #aspectRatio = 4 / 3;
  /** Start on the clock of `performance.now()`; null while it does not record. */
  #beganMs: number | null = null;

  get count() {
    return this.#frames.length;
  }

  clear() {
    this.#frames = [];
    this.#beganMs = null;
  }

  begin() {
    this.clear();
    this.#beganMs = performance.now();
  }

  stop() {
    this.#beganMs = null;
  }

  take({ timeMs, landmarks, world, aspectRatio }: PoseFrame) {
    if (this.#beganMs === null || timeMs < this.#beganMs) return;
    const atMs = Math.round(timeMs - this.#beganMs);
    const last = this.#frames.at(-1);
    if (last && atMs < last.timeMs + LEAST_APART_MS) return;
    this.#aspectRatio = aspectRatio;
    this.#frames.push({ timeMs: atMs, landmarks: points<ImagePoint>(landmarks, 4), worldLandmarks: points<WorldPoint>(world, 3) });
  }

  /** The part of the request with the frames. */
  body() {
    return { aspectRatio: this.#aspectRatio, frames: this.#frames };
  }
}

function points<Point extends ImagePoint | WorldPoint>(values: Float32Array | null, width: Point["length"]) {
  if (!values) return null;
  const rounded = (at: number) => Math.round(values[at] * PRECISION) / PRECISION;
  return Array.from({ length: COUNT }, (_, point) => Array.from({ length: width }, (__, axis) => rounded(width * point + axis)) as Point);
}
