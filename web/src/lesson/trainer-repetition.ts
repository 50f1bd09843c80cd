/**
 * Finds a typical repetition of the trainer in a segment, counted like the athlete's.
 * @module
 */

import { DeviceCounter } from "../motion/device-counter.ts";
import type { Definition } from "../motion/observer.ts";
import type { PoseTrack } from "./pose-track.ts";

/** Time between two poses that are counted, and around a segment. */
const STEP_S = 1 / 15;
const AROUND_S = 0.5;

/**
 * Return the repetition of median length.
 * @param track with the poses of the segment
 * @returns null if none was counted
 */
export function typicalRepetition(track: PoseTrack, { startMs, endMs }: {startMs: number, endMs: number}, definition: Definition): {startS: number, endS: number} | null {
  const counter = new DeviceCounter(definition);
  const found = [];
  for (let timeS = Math.max(startMs / 1000 - AROUND_S, 0); timeS <= endMs / 1000 + AROUND_S; timeS += STEP_S) {
    const seen = track.landmarksAt(timeS);
    const { event } = counter.push({ timeMs: 1000 * timeS, landmarks: seen?.landmarks ?? null, world: track.worldAt(timeS), aspectRatio: seen?.aspect });
    if (event) found.push({ startS: event.startMs / 1000, endS: event.timeMs / 1000 });
  }
  found.sort((a, b) => a.endS - a.startS - (b.endS - b.startS));
  return found[found.length >> 1] ?? null;
}
