/**
 * Landmarks in MediaPipe's order, and the pairs of joints used by measures.
 * @module
 */

/** Landmarks per frame. */
export const COUNT = 33;

const NAMES = [
  "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
  "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow",
  "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index",
  "left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
  "left_heel", "right_heel", "left_foot_index", "right_foot_index",
];

/** Index of each landmark by name. @type {ReadonlyMap<string, number>} */
export const INDEX = new Map(NAMES.map((name, index) => [name, index]));

/** @typedef {readonly [number, number]} Pair a left and a right landmark */

export const NOSE = 0;
/** @type {Pair} */
export const EAR = [7, 8];
/** @type {Pair} */
export const SHOULDER = [11, 12];
/** @type {Pair} */
export const ELBOW = [13, 14];
/** @type {Pair} */
export const WRIST = [15, 16];
/** @type {Pair} */
export const HIP = [23, 24];
/** @type {Pair} */
export const KNEE = [25, 26];
/** @type {Pair} */
export const ANKLE = [27, 28];
/** @type {Pair} */
export const HEEL = [29, 30];
/** @type {Pair} */
export const TOE = [31, 32];

/** Body part of a joint: its name without the side. @param {string} name */
export function partOf(name) {
  return name.replace(/^(left|right)_/, "");
}
