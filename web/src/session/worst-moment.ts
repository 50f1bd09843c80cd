/**
 * The moment at which a fault of a repetition was worst: its pose, with the joint at fault and the line that should have been.
 * @module
 */

import { h } from "../ui/dom.ts";
import { bodyOf } from "../motion/body.ts";
import { COUNT } from "../motion/landmarks.ts";
import { measure } from "../motion/measures.ts";
import { clock, decimal, words } from "../i18n/format.ts";
import { LEAST_VISIBILITY, STRIDE } from "../ui/skeleton.ts";
import { drawFitted, stillCanvas, type Place } from "./fitted-skeleton.ts";
import { targetOf, trunkLength, type Target } from "./target-lines.ts";
import { t } from "../i18n/l10n.ts";
import type { PlacedRepetition, Samples } from "../api/client.ts";
import type { Frames } from "./pose-frames.ts";
import type { Fault } from "../motion/observer.ts";

/** Share of a repetition around its extreme, and at its ends, in which faults of these parts are sought. */
const PART = 0.25;

/** Ends of the names of measures in degrees. */
const DEGREES = /(_angle|_tilt|trunk_lean|upper_arm_lean|shank_lean)$/;

type Judgement = {fault: string, degree: string, probability: number, measured: number, bound: number};
export type Recording = {samples: Samples | null, frames: Frames, aspect: number};

/** Format a value in the unit of its measure. */
function quantity(name: string, value: number) {
  return DEGREES.test(name) ? `${Math.round(value)}°` : decimal(value, 2);
}

/** Describe the measured value of a fault with its bound. */
export function measuredWords(fault: {measure: string, above: number | null}, { measured, bound }: Judgement) {
  return t(fault.above === null ? "measured-at-least" : "measured-at-most", { measured: quantity(fault.measure, measured), bound: quantity(fault.measure, bound) });
}

/** Find the time of a repetition's extreme, in seconds. */
export function extremeOf({ startMs, endMs }: {startMs: number, endMs: number}, samples: Samples | null) {
  const [start, end] = [startMs / 1000, endMs / 1000];
  let [at, most] = [(start + end) / 2, -Infinity];
  samples?.timeS.forEach((time, index) => {
    const effort = samples.effort[index];
    if (time >= start && time <= end && effort !== null && effort > most) [at, most] = [time, effort];
  });
  return at;
}

/** Whether a second of a repetition belongs to the part in which a fault is judged. */
function isIn(part: string, time: number, start: number, extreme: number, end: number) {
  const length = end - start;
  if (part === "effort") return Math.abs(time - extreme) <= (PART / 2) * length;
  if (part === "rest") return time - start <= (PART / 2) * length || end - time <= (PART / 2) * length;
  if (part === "out") return time <= extreme;
  return part !== "back" || time >= extreme;
}

/** A fault's measure of a pose in the picture; NaN if it is not seen. */
function valueOf(points: Float32Array, aspect: number, fault: Fault) {
  const landmarks = new Float32Array(COUNT * 4).fill(NaN);
  for (let at = 0; at < COUNT; at += 1) {
    landmarks.set(points.subarray(at * STRIDE, at * STRIDE + 2), at * 4);
    landmarks[at * 4 + 3] = points[at * STRIDE + 2];
  }
  const body = bodyOf({ timeMs: 0, landmarks, world: null, aspectRatio: aspect });
  return body ? measure(body, fault.measure, fault.sides) : NaN;
}

/**
 * The second at which a fault was worst in the picture; null if nothing of it was recorded.
 * @param fault its definition
 */
export function worstSecond(rep: PlacedRepetition, fault: Fault, { samples, frames, aspect }: Recording): number | null {
  const [start, extreme, end] = [rep.startMs / 1000, extremeOf(rep, samples), rep.endMs / 1000];
  let [at, most] = [null as number | null, -Infinity];
  frames.times.forEach((time, index) => {
    const points = frames.poses[index];
    if (!points || time < start || time > end || !isIn(fault.part, time, start, extreme, end)) return;
    const excess = valueOf(points, aspect, fault) * (fault.above === null ? -1 : 1);
    if (excess > most) [at, most] = [time, excess]; // False for NaN.
  });
  return at;
}

/** The longest that the trunk is seen in a repetition. */
function longestTrunk(rep: PlacedRepetition, { frames, aspect }: Recording) {
  const lengths = frames.poses.flatMap((points, index) => (points && frames.times[index] >= rep.startMs / 1000 && frames.times[index] <= rep.endMs / 1000 ? [trunkLength(points, aspect)] : []));
  return Math.max(...lengths.filter((length) => !Number.isNaN(length)));
}

/** Mark the joints at fault, and draw the line that should have been. */
function marks(points: Float32Array, aspect: number, { joints, line }: Target) {
  return (pen: CanvasRenderingContext2D, place: Place) => {
    const style = getComputedStyle(document.documentElement);
    pen.lineCap = "round";
    if (line) {
      for (const [colour, width] of [["rgba(8, 10, 11, 0.75)", 7], [style.getPropertyValue("--volt").trim(), 4]] as const) {
        pen.strokeStyle = colour;
        pen.lineWidth = width;
        pen.setLineDash([9, 8]);
        pen.beginPath();
        pen.moveTo(...place(...line[0]));
        pen.lineTo(...place(...line[1]));
        pen.stroke();
      }
    }
    pen.setLineDash([]);
    pen.strokeStyle = style.getPropertyValue("--at-fault").trim();
    pen.lineWidth = 4;
    for (const joint of joints) {
      if (!(points[joint * STRIDE + 2] >= LEAST_VISIBILITY)) continue;
      pen.beginPath();
      pen.arc(...place(points[joint * STRIDE] * aspect, points[joint * STRIDE + 1]), 12, 0, 2 * Math.PI);
      pen.stroke();
    }
  };
}

/**
 * A still of the moment at which a fault was worst; `draw` draws it once the poses are loaded.
 * @param fault its definition
 * @returns hidden until it is drawn
 */
export function worstMoment(rep: PlacedRepetition, fault: Fault, judgement: Judgement, recording: Recording): {element: HTMLElement, draw: () => void} {
  const verdict = `${words(fault.id)}: ${measuredWords(fault, judgement)}`;
  const canvas = stillCanvas(t("rep-at-worst", { rep: rep.place, verdict }));
  const caption = h("figcaption");
  const element = h("figure", { class: "still", hidden: true }, canvas, caption);
  return {
    element,
    draw() {
      const second = worstSecond(rep, fault, recording);
      const points = second === null ? null : recording.frames.at(second)?.slice();
      if (second === null || !points) return;
      const target = targetOf(fault, judgement.bound, points, recording.aspect, longestTrunk(rep, recording));
      drawFitted(canvas, points, recording.aspect, marks(points, recording.aspect, target));
      caption.replaceChildren(h("b", null, `${verdict}.`), ` ${t("at-time", { time: clock(second, 1) })}`, target.line ? ` ${t("dashed-line")}` : "");
      element.hidden = false;
    },
  };
}
