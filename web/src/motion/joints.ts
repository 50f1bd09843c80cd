/**
 * Joints of the body measures: those of an angle, and those that a fault is about.
 * @module
 */

import { ANKLE, EAR, ELBOW, HEEL, HIP, KNEE, NOSE, SHOULDER, TOE, WRIST, type Pair } from "./landmarks.ts";
import { frontSide } from "./measures.ts";
import type { Body } from "./body.ts";

/** where the joints are, and how well each is seen */
export type Posture = Pick<Body, "axes" | "visibility">;

/** Joints of an angle: the second is bent. */
const ANGLES: Readonly<Record<string, readonly [Pair, Pair, Pair]>> = {
  elbow_angle: [SHOULDER, ELBOW, WRIST],
  shoulder_angle: [HIP, SHOULDER, ELBOW],
  hip_angle: [SHOULDER, HIP, KNEE],
  knee_angle: [HIP, KNEE, ANKLE],
  front_knee_angle: [HIP, KNEE, ANKLE],
  body_line_angle: [SHOULDER, HIP, ANKLE],
};

/** The joint of measures along a line of the body, and the joints that tell which side is seen better. */
const ON_A_LINE: Readonly<Record<string, readonly [Pair, readonly Pair[]]>> = {
  body_line_offset: [HIP, [SHOULDER, HIP, ANKLE]],
  level_line_offset: [HIP, [SHOULDER, HIP, ANKLE]],
  head_tilt: [EAR, [EAR, SHOULDER, HIP]],
};

/** Joints of the other measures. */
const JOINTS: Readonly<Record<string, readonly Pair[]>> = {
  trunk_lean: [SHOULDER], trunk_tilt: [SHOULDER],
  forearm_tilt: [ELBOW], knee_width: [KNEE], wrist_level: [WRIST], heel_rise: [HEEL], front_knee_over_toe: [KNEE, TOE], ankle_spread: [ANKLE],
  side_lean: [SHOULDER], shoulder_over_wrist: [SHOULDER], wrist_over_ankle: [ANKLE], nose_over_wrist: [[NOSE, NOSE]],
};

/** Measures of the leg that is in front, however well the camera sees it. */
const OF_FRONT_LEG = new Set(["front_knee_angle", "front_knee_over_toe"]);

/** The side of the body that the camera sees better. @param visibility of each landmark */
export function clearerSide(visibility: ArrayLike<number>, pairs: readonly Pair[]): 0 | 1 {
  const [left, right] = [0, 1].map((side) => Math.min(...pairs.map((pair) => visibility[pair[side]])));
  return right > left ? 1 : 0;
}

/** The joints of an angle, the bent one in the middle; null if the measure is no angle of a joint. */
export function bendOf(measure: string, side: 0 | 1): [number, number, number] | null {
  const [first, joint, last] = ANGLES[measure] ?? [];
  return joint ? [first[side], joint[side], last[side]] : null;
}

/** The side of the joints of an angle: that of the front leg, otherwise the one that is seen better; null if the measure is no angle of a joint. */
export function bentSide(measure: string, posture: Posture) {
  if (!ANGLES[measure]) return null;
  return OF_FRONT_LEG.has(measure) ? frontSide(posture) : clearerSide(posture.visibility, ANGLES[measure]);
}

/** The joints that a fault of a measure is about. */
export function jointsOf(measure: string, posture: Posture): number[] {
  const side = bentSide(measure, posture);
  if (side !== null) return [ANGLES[measure][1][side]];
  if (ON_A_LINE[measure]) {
    const [pair, along] = ON_A_LINE[measure];
    return [pair[clearerSide(posture.visibility, along)]];
  }
  if (OF_FRONT_LEG.has(measure)) return JOINTS[measure].map((pair) => pair[frontSide(posture)]);
  return (JOINTS[measure] ?? []).flatMap((pair) => [...new Set(pair)]);
}
