/**
 * Where a part of the body should have been: the line of a fault's bound, beside the joints that are at fault.
 *
 * Lines are drawn in the picture. They are approximate where a joint bends towards the camera, because the fault is
 * judged with depth.
 * @module
 */

import { bendOf, bentSide, clearerSide, jointsOf } from "../motion/joints.js";
import { ANKLE, EAR, ELBOW, HIP, SHOULDER, WRIST } from "../motion/landmarks.js";
import { STRIDE } from "../ui/skeleton.js";
import { postureOf } from "./posture.js";

/** @typedef {[number, number]} Point in picture heights */
/** @typedef {import("../motion/landmarks.js").Pair} Pair */
/** @typedef {{joints: number[], line: [Point, Point] | null}} Target */

const DEGREES = 180 / Math.PI;

/** @param {Float32Array} points @param {number} aspect @param {number} joint @returns {Point} */
function pointOf(points, aspect, joint) {
  return [points[joint * STRIDE] * aspect, points[joint * STRIDE + 1]];
}

/** @param {Point} one @param {Point} other @returns {Point} */
function between(one, other) {
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
}

/** The end of a segment from `from`, as long as to `to`, at an angle to the right of the picture. @param {Point} from @param {Point} to @param {number} radians @param {number} [length] @returns {Point} */
function turned(from, to, radians, length = Math.hypot(to[0] - from[0], to[1] - from[1])) {
  return [from[0] + length * Math.cos(radians), from[1] + length * Math.sin(radians)];
}

/** The last segment of a bent joint, turned until the joint has the bound's angle. @param {Point} first @param {Point} joint @param {Point} last @param {number} bound @returns {[Point, Point]} */
function bentTo(first, joint, last, bound) {
  const towards = Math.atan2(first[1] - joint[1], first[0] - joint[0]);
  const now = Math.atan2(last[1] - joint[1], last[0] - joint[0]);
  const way = Math.sin(now - towards) >= 0 ? 1 : -1;
  return [joint, turned(joint, last, towards + (way * bound) / DEGREES)];
}

/** The trunk at the bound's angle from the vertical. @param {Point} hips @param {Point} shoulders @param {number} bound @param {number} length @returns {[Point, Point]} */
function leaning(hips, shoulders, bound, length) {
  const way = shoulders[0] >= hips[0] ? 1 : -1;
  return [hips, turned(hips, shoulders, (way * bound) / DEGREES - Math.PI / 2, length)];
}

/** Length of the trunk in the picture, which is shorter where it leans to the camera. @param {Float32Array} points @param {number} aspect */
export function trunkLength(points, aspect) {
  const [hips, shoulders] = [HIP, SHOULDER].map(([left, right]) => between(pointOf(points, aspect, left), pointOf(points, aspect, right)));
  return Math.hypot(shoulders[0] - hips[0], shoulders[1] - hips[1]);
}

/**
 * The line of a fault's bound; null if its measure has none.
 * @param {string} measure
 * @param {number} bound
 * @param {{points: Float32Array, aspect: number, trunk: number, posture: import("../motion/joints.js").Posture}} pose
 * @returns {[Point, Point] | null}
 */
function lineOf(measure, bound, { points, aspect, trunk, posture }) {
  const at = (/** @type {number} */ joint) => pointOf(points, aspect, joint);
  const middle = (/** @type {Pair} */ pair) => between(at(pair[0]), at(pair[1]));
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
 * @param {{measure: string, statistic: string}} fault
 * @param {number} bound
 * @param {Float32Array} points of the pose
 * @param {number} aspect of the picture
 * @param {number} [trunk] its length in picture heights
 * @returns {Target}
 */
export function targetOf({ measure, statistic }, bound, points, aspect, trunk = trunkLength(points, aspect)) {
  const posture = postureOf(points);
  const hasLine = statistic !== "range" || measure.endsWith("_offset"); // The bound of a range is no position, but offsets have the straight line.
  return { joints: jointsOf(measure, posture), line: hasLine ? lineOf(measure, bound, { points, aspect, trunk, posture }) : null };
}
