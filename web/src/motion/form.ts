/**
 * Form of a repetition by the formula of `domain/motion/form/form_score.py`, as far as a device can evaluate it.
 *
 * The server's more accurate result replaces this one.
 * @module
 */

import { ANGLE, ANGLE_LEFT, ANGLE_RIGHT, FACING, FIRST_MEASURE, viewOf, type Definition, type Fault, type View } from "./observer.ts";
import { TAPS, type Row } from "./sampling.ts";
import type { Span } from "./span.ts";

/** Weights of form: faults, range of motion, tempo, symmetry. */
const WEIGHTS = [0.5, 0.25, 0.15, 0.1];

/** Longer repetitions can be smoothed without flattening their extremes. */
const SLOW_S = 1.5;

/** Share of the penalties of all faults that must be judged for a form score. */
const LEAST_JUDGED = 0.2;

/** Rows before the extreme; with fewer, the way out was not seen. */
const LEAST_WAY = 2;

/** Factor that makes the logistic curve follow the normal distribution's. */
const LOGISTIC = 1.702;

/** The form of a repetition, 0..1 or null if too few faults were judged, the IDs of its faults, its range of motion and its tempo. */
export function judged(definition: Definition, track: Row[], span: Span) {
  const rows = track.slice(span.first, span.last + 1);
  const turned = cellValues(rows, FACING);
  const view = turned.length ? viewOf(mean(turned)) : null;
  const began = span.turn - span.before < LEAST_WAY; // The extreme may have been earlier.
  const found = definition.faults.flatMap((fault, index) => {
    if (!view || !isShown(fault, view) || (began && ["effort", "movement"].includes(fault.part))) return [];
    const part = partOf(track, span, fault.part);
    const measured = cellValues(part, FIRST_MEASURE + index);
    return measured.length && 2 * measured.length >= part.length ? [{ fault, value: statistic(fault, measured) }] : [];
  });
  const faults = found.filter(({ fault, value }) => isBeyond(fault, value)).map(({ fault }) => fault.id);
  const rangeDeg = travel(definition, rows, ANGLE);
  const tempo = tempoOf(definition, span);
  if (sumOfPenalties(found.map(({ fault }) => fault)) < LEAST_JUDGED * sumOfPenalties(definition.faults)) return { form: null, faults, rangeDeg, tempo };
  const penalty = found.reduce((sum, { fault, value }) => sum + expectedPenalty(fault, value, view as View), 0);
  const share = rangeDeg === null || !definition.rangeOfMotion.inForm ? null : Math.min(rangeDeg / definition.rangeOfMotion.targetDeg, 1);
  const even = view === "front" || view === "rear" ? symmetry(definition, rows) : null;
  const parts = [Math.max(1 - penalty, 0), share, tempoControl(definition, tempo), even];
  const seen = parts.flatMap((part, index) => (part === null ? [] : [[WEIGHTS[index], part]]));
  const weight = seen.reduce((sum, [each]) => sum + each, 0);
  return { form: seen.reduce((sum, [each, part]) => sum + each * part, 0) / weight, faults, rangeDeg, tempo };
}

/** Whether a view shows a fault, and precisely enough to tell it. */
export function isShown(fault: Fault, view: View) {
  if (!fault.views.includes(view) || (fault.severe !== null && spreadOf(fault, view) > excess(fault, fault.severe))) return false;
  const limit = fault.spreads.find((each) => each.view === view)?.limit ?? null;
  return limit === null || excess(fault, limit) <= 0;
}

/** Whether a value is beyond the fault's limit. */
export function isBeyond(fault: Fault, value: number) {
  return excess(fault, value) > 0;
}

/** How far a value is beyond the fault's limit; negative if it is not. */
function excess(fault: Fault, value: number) {
  return fault.above === null ? (fault.below as number) - value : value - fault.above;
}

function spreadOf(fault: Fault, view: View) {
  return fault.spreads.find((each) => each.view === view)?.spread ?? 0;
}

/** The fault's penalty, twice as much if it is severe, times its probability; 0 up to the bound if a slight fault is not judged. */
function expectedPenalty(fault: Fault, value: number, view: View) {
  if (!fault.slightJudged && !isBeyond(fault, value)) return 0;
  const exponent = (-LOGISTIC * excess(fault, value)) / spreadOf(fault, view);
  const probability = 1 / (1 + Math.exp(Math.min(Math.max(exponent, -50), 50)));
  const beyond = fault.severe === null ? 0 : excess(fault, value) / excess(fault, fault.severe);
  return fault.penalty * (1 + Math.min(Math.max(beyond, 0), 1)) * probability;
}

function sumOfPenalties(faults: Fault[]) {
  return faults.reduce((sum, fault) => sum + fault.penalty, 0);
}

function cellValues(rows: Row[], cell: number) {
  return rows.map((row) => row.cells[cell]).filter((value) => !Number.isNaN(value));
}

function mean(values: number[]) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function partOf(track: Row[], span: Span, part: string) {
  switch (part) {
    case "effort": return track.slice(Math.max(span.turn - 1, 0), span.turn + 2);
    case "out": return track.slice(span.first, span.turn + 1);
    case "back": return track.slice(span.turn, span.last + 1);
    case "rest": return track.slice(Math.max(span.last - 1, 0), span.last + 2);
    case "movement": return track.slice(span.before);
    default: return track.slice(span.first, span.last + 1);
  }
}

function statistic(fault: Fault, measured: number[]) {
  switch (fault.statistic) {
    case "least": return Math.min(...measured);
    case "most": return Math.max(...measured);
    case "range": return Math.max(...measured) - Math.min(...measured);
    default: return mean(measured);
  }
}

/** Degrees that a joint traveled; null if unknown or beyond the joint's limits. */
function travel(definition: Definition, rows: Row[], cell: number) {
  let angles = cellValues(rows, cell);
  if (!angles.length) return null;
  const seconds = rows[rows.length - 1].timeS - rows[0].timeS;
  if (seconds > SLOW_S && angles.length >= TAPS.length) {
    angles = angles.slice(TAPS.length - 1).map((_, index) => TAPS.reduce((sum, tap, at) => sum + tap * angles[index + at], 0));
  }
  const [least, most] = definition.rangeOfMotion.limitsDeg;
  const [smallest, greatest] = [Math.min(...angles), Math.max(...angles)];
  return smallest < least || greatest > most ? null : greatest - smallest;
}

/** 1 for equal travel of left and right, 0 if one does not move. */
function symmetry(definition: Definition, rows: Row[]) {
  const [left, right] = [ANGLE_LEFT, ANGLE_RIGHT].map((cell) => travel(definition, rows, cell));
  if (left === null || right === null || Math.max(left, right) === 0) return null;
  return Math.min(left, right) / Math.max(left, right);
}

/** Seconds of the two moving phases, and of the pause at the extreme. */
export type DeviceTempo = {eccentricS: number, pauseS: number, concentricS: number};

function tempoOf(definition: Definition, { startedS, effortFromS, effortToS, endedS }: Span): DeviceTempo {
  const [out, back, pauseS] = [effortFromS - startedS, endedS - effortToS, effortToS - effortFromS];
  return definition.outward === "eccentric" ? { eccentricS: out, pauseS, concentricS: back } : { eccentricS: back, pauseS, concentricS: out };
}

/** Share of the two moving phases that was not rushed, 0..1. */
function tempoControl(definition: Definition, { eccentricS, concentricS }: DeviceTempo) {
  const { eccentricLeastS, concentricLeastS } = definition.tempo;
  return (Math.min(eccentricS / eccentricLeastS, 1) + Math.min(concentricS / concentricLeastS, 1)) / 2;
}
