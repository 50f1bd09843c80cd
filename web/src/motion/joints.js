/**
 * Joints of the body measures: those of an angle, and those that a fault is about.
 * @module
 */

import { ANKLE, EAR, ELBOW, HEEL, HIP, KNEE, NOSE, SHOULDER, TOE, WRIST } from "./landmarks.js";
import { frontSide } from "./measures.js";

/** @typedef {import("./landmarks.js").Pair} Pair */
/** @typedef {Pick<import("./body.js").Body, "axes" | "visibility">} Posture where the joints are, and how well each is seen */

/** Joints of an angle: the second is bent. @type {Readonly<Record<string, readonly [Pair, Pair, Pair]>>} */
const ANGLES = {
  elbow_angle: [SHOULDER, ELBOW, WRIST],
  shoulder_angle: [HIP, SHOULDER, ELBOW],
  hip_angle: [SHOULDER, HIP, KNEE],
  knee_angle: [HIP, KNEE, ANKLE],
  front_knee_angle: [HIP, KNEE, ANKLE],
  body_line_angle: [SHOULDER, HIP, ANKLE],
};

/** The joint of measures along a line of the body, and the joints that tell which side is seen better. @type {Readonly<Record<string, readonly [Pair, readonly Pair[]]>>} */
const ON_A_LINE = {
  body_line_offset: [HIP, [SHOULDER, HIP, ANKLE]],
  level_line_offset: [HIP, [SHOULDER, HIP, ANKLE]],
  head_tilt: [EAR, [EAR, SHOULDER, HIP]],
};

/** Joints of the other measures. @type {Readonly<Record<string, readonly Pair[]>>} */
const JOINTS = {
  trunk_lean: [SHOULDER], trunk_tilt: [SHOULDER],
  forearm_tilt: [ELBOW], knee_width: [KNEE], wrist_level: [WRIST], heel_rise: [HEEL], front_knee_over_toe: [KNEE, TOE], ankle_spread: [ANKLE],
  side_lean: [SHOULDER], shoulder_over_wrist: [SHOULDER], wrist_over_ankle: [ANKLE], nose_over_wrist: [[NOSE, NOSE]],
};

/** Measures of the leg that is in front, however well the camera sees it. */
const OF_FRONT_LEG = new Set(["front_knee_angle", "front_knee_over_toe"]);

/** The side of the body that the camera sees better. @param {ArrayLike<number>} visibility of each landmark @param {readonly Pair[]} pairs @returns {0 | 1} */
export function clearerSide(visibility, pairs) {
  const [left, right] = [0, 1].map((side) => Math.min(...pairs.map((pair) => visibility[pair[side]])));
  return right > left ? 1 : 0;
}

/** The joints of an angle, the bent one in the middle; null if the measure is no angle of a joint. @param {string} measure @param {0 | 1} side @returns {[number, number, number] | null} */
export function bendOf(measure, side) {
  const [first, joint, last] = ANGLES[measure] ?? [];
  return joint ? [first[side], joint[side], last[side]] : null;
}

/** The side of the joints of an angle: that of the front leg, otherwise the one that is seen better; null if the measure is no angle of a joint. @param {string} measure @param {Posture} posture */
export function bentSide(measure, posture) {
  if (!ANGLES[measure]) return null;
  return OF_FRONT_LEG.has(measure) ? frontSide(posture) : clearerSide(posture.visibility, ANGLES[measure]);
}

/** The joints that a fault of a measure is about. @param {string} measure @param {Posture} posture @returns {number[]} */
export function jointsOf(measure, posture) {
  const side = bentSide(measure, posture);
  if (side !== null) return [ANGLES[measure][1][side]];
  if (ON_A_LINE[measure]) {
    const [pair, along] = ON_A_LINE[measure];
    return [pair[clearerSide(posture.visibility, along)]];
  }
  if (OF_FRONT_LEG.has(measure)) return JOINTS[measure].map((pair) => pair[frontSide(posture)]);
  return (JOINTS[measure] ?? []).flatMap((pair) => [...new Set(pair)]);
}
