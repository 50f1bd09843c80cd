/**
 * Where a part of the body should have been: the line of a fault's bound, beside the joints that are at fault.
 *
 * Lines are drawn in the picture. They are approximate where a joint bends towards the camera, because the fault is
 * judged with depth.
 * @module
 */

import { bendOf, bentSide, clearerSide, jointsOf, type Posture } from "../motion/joints.ts";
import { ANKLE, EAR, ELBOW, HIP, SHOULDER, WRIST, type Pair } from "../motion/landmarks.ts";
import { STRIDE } from "../ui/skeleton.ts";
import { postureOf } from "./posture.ts";

/** in picture heights */
type Point = [number, number];
export type Target = {joints: number[], line: [Point, Point] | null};

const DEGREES = 180 / Math.PI;

function pointOf(points: Float32Array, aspect: number, joint: number): Point {
  return [points[joint * STRIDE] * aspect, points[joint * STRIDE + 1]];
}

function between(one: Point, other: Point): Point {
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
}

/** The end of a segment from `from`, as long as to `to`, at an angle to the right of the picture. */
function turned(from: Point, to: Point, radians: number, length: number = Math.hypot(to[0] - from[0], to[1] - from[1])): Point {
  return [from[0] + length * Math.cos(radians), from[1] + length * Math.sin(radians)];
}

/** The last segment of a bent joint, turned until the joint has the bound's angle. */
function bentTo(first: Point, joint: Point, last: Point, bound: number): [Point, Point] {
  const towards = Math.atan2(first[1] - joint[1], first[0] - joint[0]);
  const now = Math.atan2(last[1] - joint[1], last[0] - joint[0]);
  const way = Math.sin(now - towards) >= 0 ? 1 : -1;
  return [joint, turned(joint, last, towards + (way * bound) / DEGREES)];
}

/** The trunk at the bound's angle from the vertical. */
function leaning(hips: Point, shoulders: Point, bound: number, length: number): [Point, Point] {
  const way = shoulders[0] >= hips[0] ? 1 : -1;
  return [hips, turned(hips, shoulders, (way * bound) / DEGREES - Math.PI / 2, length)];
}

/** Length of the trunk in the picture, which is shorter where it leans to the camera. */
export function trunkLength(points: Float32Array, aspect: number) {
  const [hips, shoulders] = [HIP, SHOULDER].map(([left, right]) => between(pointOf(points, aspect, left), pointOf(points, aspect, right)));
  return Math.hypot(shoulders[0] - hips[0], shoulders[1] - hips[1]);
}

/** The line of a fault's bound; null if its measure has none. */
function lineOf(measure: string, bound: number, { points, aspect, trunk, posture }: {points: Float32Array, aspect: number, trunk: number, posture: Posture}): [Point, Point] | null {
  const at = (joint: number) => pointOf(points, aspect, joint);
  const middle = (pair: Pair) => between(at(pair[0]), at(pair[1]));
  const bent = bentSide(measure, posture);
  const bend = bent === null ? null : bendOf(measure, bent);
  if (bend) return bentTo(at(bend[0]), at(bend[1]), at(bend[2]), bound);
  if (measure === "trunk_lean" || measure === "trunk_tilt") return leaning(middle(HIP), middle(SHOULDER), bound, trunk);
  if (measure === "body_line_offset" || measure === "level_line_offset") {
    const side = clearerSide(posture.visibility, [SHOULDER, HIP, ANKLE]);
    return [at(SHOULDER[side]), at(ANKLE[side])];
  }
  if (measure === "forearm_tilt") {
    const side = clearerSide(posture.visibility, [ELBOW, WRIST]);
    return [at(WRIST[side]), turned(at(WRIST[side]), at(ELBOW[side]), -Math.PI / 2)];
  }
  if (measure !== "head_tilt") return null;
  const side = clearerSide(posture.visibility, [EAR, SHOULDER, HIP]);
  const [shoulder, hip, ear] = [at(SHOULDER[side]), at(HIP[side]), at(EAR[side])];
  return [shoulder, turned(shoulder, ear, Math.atan2(shoulder[1] - hip[1], shoulder[0] - hip[0]))];
}

/**
 * The joints of a fault and the line of its bound.
 * @param points of the pose
 * @param aspect of the picture
 * @param trunk its length in picture heights
 */
export function targetOf({ measure, statistic }: {measure: string, statistic: string}, bound: number, points: Float32Array, aspect: number, trunk: number = trunkLength(points, aspect)): Target {
  const posture = postureOf(points);
  const hasLine = statistic !== "range" || measure.endsWith("_offset"); // The bound of a range is no position, but offsets have the straight line.
  return { joints: jointsOf(measure, posture), line: hasLine ? lineOf(measure, bound, { points, aspect, trunk, posture }) : null };
}
