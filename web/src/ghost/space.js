/**
 * Angles of a body in space: the same from wherever it is looked at, as far as a pose model can tell depth.
 * @module
 */

import { COUNT, HIP, SHOULDER } from "../motion/landmarks.js";
import { otherSide } from "./figure.js";

/** @typedef {Float32Array} World 33 × (x, y, z): metres from between the hips, y down, NaN where unknown. */
/** @typedef {[number, number, number]} Vector */

const METRES = 3;
const DEGREES = 180 / Math.PI;

/** @param {World} world @param {number} at @returns {Vector} */
function placeOf(world, at) {
  return [world[METRES * at], world[METRES * at + 1], world[METRES * at + 2]];
}

/** @param {Vector} from @param {Vector} to @returns {Vector} */
function between(from, to) {
  return [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
}

/** @param {World} world @param {readonly [number, number]} pair @returns {Vector} */
function middleOf(world, [left, right]) {
  const [one, other] = [placeOf(world, left), placeOf(world, right)];
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2, (one[2] + other[2]) / 2];
}

/** Degrees 0..180 between two directions; NaN where one is unknown. @param {Vector} one @param {Vector} other */
function apart(one, other) {
  const dot = one.reduce((sum, each, axis) => sum + each * other[axis], 0);
  return DEGREES * Math.acos(Math.min(Math.max(dot / (Math.hypot(...one) * Math.hypot(...other)), -1), 1));
}

/** The angle at a landmark, degrees 0..180; NaN where one of the three is unknown. @param {World} world @param {number} from @param {number} at @param {number} to */
export function angleInSpace(world, from, at, to) {
  const vertex = placeOf(world, at);
  return apart(between(vertex, placeOf(world, from)), between(vertex, placeOf(world, to)));
}

/** How differently two trunks lean, degrees 0..180, whichever way the bodies are turned; NaN where one is unknown. @param {World} one @param {World} other */
export function leansApart(one, other) {
  return apart(leanOf(one), leanOf(other));
}

/** A trunk's direction: to the body's own left, downwards, and forwards. @param {World} world @returns {Vector} */
function leanOf(world) {
  const [x, down, z] = between(middleOf(world, HIP), middleOf(world, SHOULDER));
  const [acrossX, , acrossZ] = between(placeOf(world, HIP[1]), placeOf(world, HIP[0]));
  const across = Math.hypot(acrossX, acrossZ);
  return [(x * acrossX + z * acrossZ) / across, down, (x * acrossZ - z * acrossX) / across];
}

/** The same body seen in a mirror: what was its left is its right. @param {World} world @returns {World} */
export function mirroredInSpace(world) {
  const other = new Float32Array(world.length);
  for (let at = 0; at < COUNT; at += 1) {
    const [x, y, z] = placeOf(world, at);
    other.set([-x, y, z], METRES * otherSide(at));
  }
  return other;
}
