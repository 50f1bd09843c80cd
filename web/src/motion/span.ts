/**
 * Start, extreme and end of one repetition, from the speed of its curve.
 *
 * It corresponds to the first estimate in `domain/motion/form/repetition_metrics.py`, which the server then refines.
 * @module
 */

import { ANGLE } from "./observer.ts";
import { TAPS, type Row } from "./sampling.ts";

/** `before`: first row of the rest before it */
export type Span = {startedS: number, effortFromS: number, effortToS: number, endedS: number, first: number, turn: number, last: number, before: number};

/** Share of a phase's maximum speed above which it is surely moving. */
const MOVING = 0.25;

/** Share of the time above `MOVING` that lies before it and after it in a minimum-jerk movement (Flash & Hogan, 1985). */
const UNSEEN = 0.207;

/** A standstill ends a phase only this near to rest or the extreme; elsewhere it is a sticking point. */
const PAUSE_ZONE = 0.35;

/** Rest before a repetition that still belongs to its movement. */
export const REST_S = 0.5;

/**
 * The times of the repetition with its extreme at `peakS`, not before `earliestS`.
 * @param track rows since rest
 */
export function spanOf(track: Row[], peakS: number, earliestS: number): Span {
  const times = track.map((row) => row.timeS);
  const turn = nearest(times, peakS);
  const begin = Math.min(firstFrom(times, earliestS), turn);
  const estimate = guessed(times.slice(begin), curve(track.slice(begin), turn - begin), turn - begin);
  const [startedS, effortFromS, effortToS, endedS] = estimate.map((moment) => Math.max(moment, earliestS));
  const first = Math.max(times.filter((time) => time <= startedS).length - 1, 0);
  const last = Math.min(firstFrom(times, endedS), times.length - 1);
  const before = Math.min(Math.max(firstFrom(times, startedS - REST_S), begin), first);
  return { startedS, effortFromS, effortToS, endedS, first, turn, last, before };
}

function nearest(times: number[], at: number) {
  return times.reduce((best, time, index) => (Math.abs(time - at) < Math.abs(times[best] - at) ? index : best), 0);
}

/** Index of the first time that is not earlier; the number of times if all are. */
function firstFrom(times: number[], at: number) {
  const index = times.findIndex((time) => time >= at);
  return index < 0 ? times.length : index;
}

function guessed(times: number[], values: number[], turn: number) {
  let [started, effortFrom] = moving(times.slice(0, turn + 1), values.slice(0, turn + 1));
  const mirrored = times.slice(turn).reverse().map((time) => -time);
  let [ended, effortTo] = moving(mirrored, values.slice(turn).reverse()).map((time) => -time);
  if (effortFrom > effortTo) effortFrom = effortTo = (effortFrom + effortTo) / 2;
  started = Math.min(started, effortFrom);
  ended = Math.max(ended, effortTo);
  return [started, effortFrom, effortTo, ended];
}

/** The driving joint's angle, rising towards the extreme; without it, the effort. */
function curve(rows: Row[], turn: number) {
  const efforts = rows.map((row) => row.smooth);
  const angles = rows.map((row) => row.cells[ANGLE]);
  if (angles.some(Number.isNaN)) return efforts;
  const smooth = angles.map((_, index) =>
    TAPS.reduce((sum, tap, at) => sum + tap * angles[Math.min(Math.max(index + at - 2, 0), angles.length - 1)], 0),
  );
  const lowest = efforts.indexOf(Math.min(...efforts));
  return smooth[turn] < smooth[lowest] ? smooth.map((angle) => -angle) : smooth;
}

/** Start and end of a rise from rest (first) to the extreme (last), in seconds. */
function moving(times: number[], values: number[]) {
  if (values.length < 3) return [times[0], times.at(-1) as number];
  const speeds = values.slice(1).map((value, index) => (value - values[index]) / Math.max(times[index + 1] - times[index], 1e-6));
  const fastest = speeds.indexOf(Math.max(...speeds));
  const slow = MOVING * speeds[fastest];
  const [low, high] = [Math.min(...values), values.at(-1) as number];
  const nearRest = low + PAUSE_ZONE * (high - low);
  const nearExtreme = high - PAUSE_ZONE * (high - low);
  let begin = fastest;
  while (begin > 0 && (speeds[begin - 1] >= slow || values[begin] > nearRest)) begin -= 1;
  let over = fastest;
  while (over + 1 < speeds.length && (speeds[over + 1] >= slow || values[over + 1] < nearExtreme)) over += 1;
  const began = begin > 0 ? reached(times, speeds, begin - 1, slow) : times[0];
  const ended = over + 1 < speeds.length ? reached(times, speeds, over, slow) : times.at(-1) as number;
  const unseen = UNSEEN * (ended - began);
  return [began - unseen, ended + unseen];
}

/** Time after `index` at which the speed, which is known between rows, passes a value. */
function reached(times: number[], speeds: number[], index: number, speed: number) {
  const beforeS = (times[index] + times[index + 1]) / 2;
  const afterS = (times[index + 1] + times[index + 2]) / 2;
  const change = speeds[index + 1] - speeds[index];
  const share = change ? (speed - speeds[index]) / change : 0.5;
  return beforeS + Math.min(Math.max(share, 0), 1) * (afterS - beforeS);
}
