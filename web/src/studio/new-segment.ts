/**
 * What is suggested for a new segment of a lesson.
 * @module
 */

import type { Content, Exercise } from "./segment-form.ts";

type Edges = {startMs: number, endMs: number};

/** Length of a new segment, if there is room. */
const NEW_MS = 10_000;

/** Shorter room between segments is none for a set. */
const LEAST_MS = 1000;

/** Room at the position of the video, or after it, else before it; null if there is none. @param segments in the order of their times */
export function roomFor(segments: readonly Edges[], positionMs: number, durationMs: number): Edges | null {
  const starts = [0, ...segments.map((each) => each.endMs)];
  const ends = [...segments.map((each) => each.startMs), durationMs];
  const rooms = starts.map((startMs, index) => ({ startMs, endMs: ends[index] }));
  const isRoom = ({ startMs, endMs }: Edges) => endMs - startMs >= LEAST_MS;
  const room = rooms.map(({ startMs, endMs }) => ({ startMs: Math.max(startMs, positionMs), endMs })).find(isRoom) ?? rooms.findLast(isRoom);
  return room ? { startMs: room.startMs, endMs: Math.min(room.startMs + NEW_MS, room.endMs) } : null;
}

/** A new segment, where there is room. */
export function emptySegment(segments: readonly (Edges & {exerciseId: string})[], videoMs: number, durationMs: number, exercises: Map<string, Exercise>): Content {
  const positionMs = Math.min(videoMs, durationMs);
  const { startMs, endMs } = roomFor(segments, positionMs, durationMs) ?? { startMs: positionMs, endMs: durationMs };
  const { exerciseId } = segments.findLast((each) => each.startMs < startMs) ?? segments[0] ?? { exerciseId: [...exercises.keys()][0] };
  return { exerciseId, startMs, endMs, repetitions: null, heldS: null, tempo: null, rangeOfMotionDeg: null, rangeSpreadDeg: null };
}
