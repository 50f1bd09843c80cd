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

/** Index of each landmark by name. */
export const INDEX: ReadonlyMap<string, number> = new Map(NAMES.map((name, index) => [name, index]));

/** a left and a right landmark */
export type Pair = readonly [number, number];

export const NOSE = 0;
export const EAR: Pair = [7, 8];
export const SHOULDER: Pair = [11, 12];
export const ELBOW: Pair = [13, 14];
export const WRIST: Pair = [15, 16];
export const HIP: Pair = [23, 24];
export const KNEE: Pair = [25, 26];
export const ANKLE: Pair = [27, 28];
export const HEEL: Pair = [29, 30];
export const TOE: Pair = [31, 32];

/** Body part of a joint: its name without the side. */
export function partOf(name: string) {
  return name.replace(/^(left|right)_/, "");
}
