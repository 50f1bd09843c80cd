/**
 * Stage of live poses: draws the frames of a message at the pace at which they were recorded.
 * @module
 */

import { openPainter } from "../coach/pose-painter.ts";
import { letterbox } from "../ui/skeleton.ts";
import type { Frame } from "./pose-feed.ts";

/** Frames further behind than this are left out. */
const MOST_BEHIND_MS = 1500;

/** After this long without a frame, the stage is empty. */
const FRESH_MS = 2500;

/** Draws on a canvas from `open` to `close`. */
export class PoseStage {
  #waiting: {dueMs: number, landmarks: Float32Array | null}[] = [];
  #lastDueMs = 0;
  #request = 0;
  #canvas;
  #painter;

  /** Shape of the picture: width / height. */
  aspect = 4 / 3;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#painter = openPainter(canvas);
  }

  open() {
    this.#request = requestAnimationFrame(() => this.#next());
  }

  /** Stop drawing, and clear the canvas. */
  close() {
    cancelAnimationFrame(this.#request);
    this.#waiting = [];
    this.#paint(null);
  }

  /** Add frames of one message. */
  add(frames: Frame[]) {
    const now = performance.now();
    const [first] = frames;
    let startMs = Math.max(now, this.#lastDueMs);
    if (startMs - now > MOST_BEHIND_MS) {
      this.#waiting = [];
      startMs = now;
    }
    for (const { timeMs, landmarks } of frames) {
      this.#lastDueMs = startMs + timeMs - first.timeMs;
      this.#waiting.push({ dueMs: this.#lastDueMs, landmarks });
    }
  }

  #next() {
    const now = performance.now();
    let latest;
    while (this.#waiting[0]?.dueMs <= now) latest = this.#waiting.shift();
    if (latest) this.#paint(latest.landmarks);
    else if (now - this.#lastDueMs > FRESH_MS && "posed" in this.#canvas.dataset) this.#paint(null);
    this.open();
  }

  #paint(landmarks: Float32Array | null) {
    const density = Math.min(devicePixelRatio, 2);
    const [width, height] = [this.#canvas.clientWidth, this.#canvas.clientHeight].map((each) => Math.round(each * density));
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    this.#painter.draw(landmarks, letterbox(width, height, this.aspect));
    if (landmarks) this.#canvas.dataset.posed = "";
    else delete this.#canvas.dataset.posed;
  }
}
