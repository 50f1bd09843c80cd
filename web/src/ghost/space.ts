/**
 * Angles of a body in space, independent of the view as far as the pose model estimates depth.
 * @module
 */

import { COUNT, HIP, SHOULDER } from "../motion/landmarks.ts";
import { otherSide } from "./figure.ts";

/** 33 × (x, y, z): meters from the middle of the hips, y down, NaN if unknown */
export type World = Float32Array;
type Vector = [number, number, number];

const METRES = 3;
const DEGREES = 180 / Math.PI;

function placeOf(world: World, at: number): Vector {
  return [world[METRES * at], world[METRES * at + 1], world[METRES * at + 2]];
}

function between(from: Vector, to: Vector): Vector {
  return [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
}

function middleOf(world: World, [left, right]: readonly [number, number]): Vector {
  const [one, other] = [placeOf(world, left), placeOf(world, right)];
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2, (one[2] + other[2]) / 2];
}

/** Angle between two directions, 0..180 degrees; NaN if one is unknown. */
function apart(one: Vector, other: Vector) {
  const dot = one.reduce((sum, each, axis) => sum + each * other[axis], 0);
  return DEGREES * Math.acos(Math.min(Math.max(dot / (Math.hypot(...one) * Math.hypot(...other)), -1), 1));
}

/** Angle at a landmark, 0..180 degrees; NaN if a landmark is unknown. */
export function angleInSpace(world: World, from: number, at: number, to: number) {
  const vertex = placeOf(world, at);
  return apart(between(vertex, placeOf(world, from)), between(vertex, placeOf(world, to)));
}

/** Angle between the leans of two trunks, 0..180 degrees, regardless of the bodies' orientation; NaN if one is unknown. */
export function leansApart(one: World, other: World) {
  return apart(leanOf(one), leanOf(other));
}

/** Direction of a trunk in the body's own axes: left, down, forward. */
function leanOf(world: World): Vector {
  const [x, down, z] = between(middleOf(world, HIP), middleOf(world, SHOULDER));
  const [acrossX, , acrossZ] = between(placeOf(world, HIP[1]), placeOf(world, HIP[0]));
  const across = Math.hypot(acrossX, acrossZ);
  return [(x * acrossX + z * acrossZ) / across, down, (x * acrossZ - z * acrossX) / across];
}

/** Mirror a body, exchanging left and right. */
export function mirroredInSpace(world: World): World {
  const other = new Float32Array(world.length);
  for (let at = 0; at < COUNT; at += 1) {
    const [x, y, z] = placeOf(world, at);
    other.set([-x, y, z], METRES * otherSide(at));
  }
  return other;
}
