/**
 * Recorded poses of a session, loaded page by page and looked up by time.
 * @module
 */

import * as api from "../api/client.ts";
import { STRIDE } from "../ui/skeleton.ts";

const LANDMARKS = 33;

/** The first page is short, so that the skeleton appears soon. */
const FIRST_PAGE = 60;
const PAGE = 300;

/** Longest gap in seconds over which poses are interpolated. */
const LONGEST_GAP_S = 0.25;

function pointsOf(frame: api.Schemas["FramePageBody"]["items"][number]): Float32Array | null {
  const landmarks = frame.pose_data?.landmarks;
  if (!landmarks) return null;
  const points = new Float32Array(LANDMARKS * STRIDE);
  landmarks.forEach(({ x, y, visibility }, index) => points.set([x ?? NaN, y ?? NaN, visibility ?? NaN], index * STRIDE));
  return points;
}

/** Poses in time order. */
export class Frames {
  recording: string;
  expected: number;
  /** seconds */
  times: number[];
  poses: (Float32Array | null)[];
  between: Float32Array<ArrayBuffer>;

  /** @param expected number of frames in the recording */
  constructor(recording: string, expected: number) {
    this.recording = recording;
    this.expected = expected;
    this.times = [];
    this.poses = [];
    this.between = new Float32Array(LANDMARKS * STRIDE);
  }

  /** Share that is loaded, 0..1. */
  get share() {
    return this.expected ? Math.min(1, this.times.length / this.expected) : 1;
  }

  /** Load all pages. */
  async load(signal: AbortSignal, onPage: () => void) {
    let after = null;
    do {
      const page = await api.frames(this.recording, after, after === null ? FIRST_PAGE : PAGE, signal);
      for (const frame of page.items) {
        this.times.push(frame.timestamp);
        this.poses.push(pointsOf(frame));
      }
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      if (after === null) this.expected = this.times.length;
      onPage();
    } while (after !== null);
  }

  /**
   * The pose at a time, interpolated between two frames.
   * @param time seconds
   * @returns valid until the next call
   */
  at(time: number): Float32Array | null {
    const index = this.before(time);
    if (index < 0) return this.near(0, time);
    const last = this.times[index];
    const next = this.times[index + 1];
    const [from, to] = [this.poses[index], this.poses[index + 1]];
    if (!from || !to || next - last > LONGEST_GAP_S) return this.near(index, time);
    const share = (time - last) / (next - last);
    for (let i = 0; i < from.length; i += 1) this.between[i] = from[i] + (to[i] - from[i]) * share;
    return this.between;
  }

  /** @returns the next frame's time */
  step(time: number, direction: 1 | -1): number | null {
    const tolerance = 0.004; // video time and frame times differ by rounding
    const index = this.before(time + tolerance);
    if (direction > 0) return this.times[index + 1] ?? null;
    const previous = this.times[index] < time - tolerance ? index : index - 1;
    return this.times[previous] ?? null;
  }

  near(index: number, time: number): Float32Array | null {
    return Math.abs((this.times[index] ?? Infinity) - time) <= LONGEST_GAP_S ? this.poses[index] : null;
  }

  /** Index of the last frame at or before a time; -1 before the first frame. */
  before(time: number) {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
