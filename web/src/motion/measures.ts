/**
 * Body measures, by the names that exercise definitions use.
 *
 * They are the same as in `domain/motion/signals/measures.py`; `tests/web/test_device_counter.py` compares the two.
 * @module
 */

import { ahead, angle, both, distance, facing, height, limbHeight, limbLean, middle, noseHeight, spread, TINY, trunkLean, type Body } from "./body.ts";
import { ANKLE, EAR, ELBOW, HEEL, HIP, KNEE, SHOULDER, TOE, WRIST, type Pair } from "./landmarks.ts";

export type Side = "mean" | "least" | "most" | "left" | "right";

const DEGREES = 180 / Math.PI;

/** A line from shoulder to ankle that looks shorter, in body sizes, points at the camera. */
const LEAST_LINE = 1.05;

/** A trunk that looks shorter, in body sizes, points at the camera. */
const LEAST_TRUNK = 0.4;

/** Cosine of the rotation of shoulders that lie along the image: within 26 degrees. */
const ALONG_IMAGE = 0.9;

/** Landmarks below this visibility are guesses (MediaPipe's default threshold). */
const SEEN = 0.5;

/** Offset of each hip from the line between shoulder and ankle, relative to its length; piked is positive. */
function bodyLineOffset(body: Body) {
  return both((side) => {
    const alongX = body.x[ANKLE[side]] - body.x[SHOULDER[side]];
    const alongY = body.y[ANKLE[side]] - body.y[SHOULDER[side]];
    const hipX = body.x[HIP[side]] - body.x[SHOULDER[side]];
    const hipY = body.y[HIP[side]] - body.y[SHOULDER[side]];
    const length = Math.max(Math.hypot(alongX, alongY), TINY);
    return ((hipX * alongY - hipY * alongX) * Math.sign(alongX)) / (length * length);
  });
}

/** The same offset; NaN where the body does not lie along the picture. */
function levelLineOffset(body: Body) {
  const offsets = bodyLineOffset(body);
  return both((side) => {
    const length = Math.hypot(body.x[ANKLE[side]] - body.x[SHOULDER[side]], body.y[ANKLE[side]] - body.y[SHOULDER[side]]);
    return length < LEAST_LINE * body.size ? NaN : offsets[side];
  });
}

/** Angle of each ear above the line of the trunk, degrees; negative if the head drops. */
function headTilt(body: Body) {
  return both((side) => {
    const trunkX = body.x[SHOULDER[side]] - body.x[HIP[side]];
    const trunkY = body.y[SHOULDER[side]] - body.y[HIP[side]];
    const headX = body.x[EAR[side]] - body.x[SHOULDER[side]];
    const headY = body.y[EAR[side]] - body.y[SHOULDER[side]];
    if (Math.hypot(trunkX, trunkY) < LEAST_TRUNK * body.size) return NaN;
    const above = (trunkY * headX - trunkX * headY) * Math.sign(trunkX);
    return DEGREES * Math.atan2(above, trunkX * headX + trunkY * headY);
  });
}

/** Angle of each forearm to the vertical, degrees; positive if the elbow is farther out than the hand. NaN unless the athlete faces the camera and the arm is seen. */
function forearmTilt(body: Body) {
  const outward = Math.sign(body.x[SHOULDER[0]] - body.x[SHOULDER[1]]);
  const along = Math.abs(facing(body)) >= ALONG_IMAGE;
  return both((side) => {
    const [elbow, wrist] = [ELBOW[side], WRIST[side]];
    if (!along || !(Math.min(body.visibility[elbow], body.visibility[wrist]) >= SEEN)) return NaN;
    const out = (body.x[elbow] - body.x[wrist]) * outward * (side === 0 ? 1 : -1);
    return DEGREES * Math.atan2(out, body.y[wrist] - body.y[elbow]);
  });
}

/** The two horizontal axes; without depth the second is 0. */
function floor({ axes }: Pick<Body, "axes">) {
  return [axes[0], axes.length === 3 ? axes[2] : new Float64Array(axes[0].length)];
}

/** Direction of the feet on the floor, a unit vector. */
function forward(body: Pick<Body, "axes">) {
  const [across, away] = floor(body).map((axis) => middle(axis, TOE) - middle(axis, HEEL));
  const length = Math.max(Math.hypot(across, away), TINY);
  return [across / length, away / length];
}

/** The side of the leg whose ankle is in front. */
export function frontSide(body: Pick<Body, "axes">): 0 | 1 {
  const towards = forward(body);
  const [left, right] = both((side) => floor(body).reduce((sum, axis, index) => sum + axis[ANKLE[side]] * towards[index], 0));
  return left >= right ? 0 : 1;
}

/** The value of the leg whose ankle is in front. */
function ofFrontLeg(body: Body, values: [number, number]) {
  return values[frontSide(body)];
}

/** How far the front knee is ahead of its toes, in shank lengths. */
function frontKneeOverToe(body: Body) {
  const towards = forward(body);
  const values = both((side) => {
    const before = floor(body).reduce((sum, axis, index) => sum + (axis[KNEE[side]] - axis[TOE[side]]) * towards[index], 0);
    const shank = body.axes.reduce((sum, axis) => sum + (axis[KNEE[side]] - axis[ANKLE[side]]) ** 2, 0);
    return before / Math.max(Math.sqrt(shank), TINY);
  });
  return ofFrontLeg(body, values);
}

/** Signed horizontal offset of the shoulders from the hips, in trunk lengths. */
function sideLean(body: Body) {
  const across = middle(body.x, SHOULDER) - middle(body.x, HIP);
  return across / Math.max(Math.hypot(across, middle(body.y, SHOULDER) - middle(body.y, HIP)), TINY);
}

/** Angle between trunk and vertical in the picture, in degrees. */
function trunkTilt(body: Body) {
  const across = Math.abs(middle(body.x, SHOULDER) - middle(body.x, HIP));
  return DEGREES * Math.atan2(across, middle(body.y, HIP) - middle(body.y, SHOULDER));
}

/** Distance between the feet along the direction the hips face, in trunk lengths. */
function stride(body: Body) {
  const ankle = body.axes.map((axis) => axis[ANKLE[0]] - axis[ANKLE[1]]);
  const trunk = Math.sqrt(body.axes.reduce((sum, axis) => sum + (middle(axis, SHOULDER) - middle(axis, HIP)) ** 2, 0));
  if (body.axes.length < 3) return Math.hypot(ankle[0], ankle[1]) / Math.max(trunk, TINY);
  const across = body.axes[0][HIP[0]] - body.axes[0][HIP[1]];
  const depth = body.axes[2][HIP[0]] - body.axes[2][HIP[1]];
  const width = Math.max(Math.hypot(across, depth), TINY);
  return Math.abs(ankle[0] * depth - ankle[2] * across) / width / Math.max(trunk, TINY);
}

/** Measures of left and right limbs, and the joints they need. */
const LIMB: ReadonlyMap<string, readonly [(body: Body) => [number, number], readonly Pair[]]> = new Map([
  ["elbow_angle", [(b) => angle(b, SHOULDER, ELBOW, WRIST), [ELBOW, WRIST]]],
  ["shoulder_angle", [(b) => angle(b, HIP, SHOULDER, ELBOW), [SHOULDER, ELBOW]]],
  ["hip_angle", [(b) => angle(b, SHOULDER, HIP, KNEE), [HIP, KNEE]]],
  ["knee_angle", [(b) => angle(b, HIP, KNEE, ANKLE), [KNEE, ANKLE]]],
  ["body_line_angle", [(b) => angle(b, SHOULDER, HIP, ANKLE), [HIP, ANKLE]]],
  ["body_line_offset", [bodyLineOffset, [HIP, ANKLE]]],
  ["level_line_offset", [levelLineOffset, [HIP, ANKLE]]],
  ["head_tilt", [headTilt, [SHOULDER]]],
  ["forearm_tilt", [forearmTilt, [ELBOW, WRIST]]],
  ["heel_rise", [(b) => limbHeight(b, HEEL, TOE), [ANKLE]]],
  ["upper_arm_lean", [(b) => limbLean(b, ELBOW, SHOULDER), [SHOULDER, ELBOW]]],
  ["shank_lean", [(b) => limbLean(b, ANKLE, KNEE), [KNEE, ANKLE]]],
  ["wrist_height", [(b) => limbHeight(b, WRIST, SHOULDER), [WRIST]]],
  ["thigh_height", [(b) => limbHeight(b, HIP, KNEE), [HIP, KNEE]]],
  ["leg_height", [(b) => limbHeight(b, HIP, ANKLE), [HIP, ANKLE]]],
  ["elbow_height", [(b) => limbHeight(b, ELBOW, SHOULDER), [ELBOW]]],
]);

/** Measures of the whole body. */
const CENTRAL: ReadonlyMap<string, (body: Body) => number> = new Map([
  ["trunk_lean", trunkLean],
  ["side_lean", sideLean],
  ["trunk_tilt", trunkTilt],
  // With the feet together the ratio is undefined: a tenth of the body size is the minimum stance.
  ["knee_width", (b) => spread(b, KNEE) / Math.max(spread(b, ANKLE), 0.1)],
  ["wrist_level", (b) => Math.abs(b.y[WRIST[0]] - b.y[WRIST[1]]) / b.size],
  ["shoulder_over_ankle", (b) => height(b, SHOULDER, ANKLE)],
  ["shoulder_over_knee", (b) => height(b, SHOULDER, KNEE)],
  ["shoulder_over_hip", (b) => height(b, SHOULDER, HIP)],
  ["shoulder_over_wrist", (b) => height(b, SHOULDER, WRIST)],
  ["shoulder_over_elbow", (b) => height(b, SHOULDER, ELBOW)],
  ["hip_over_ankle", (b) => height(b, HIP, ANKLE)],
  ["hip_over_knee", (b) => height(b, HIP, KNEE)],
  ["nose_over_wrist", (b) => noseHeight(b, WRIST)],
  ["nose_over_hip", (b) => noseHeight(b, HIP)],
  ["nose_over_ankle", (b) => noseHeight(b, ANKLE)],
  ["wrist_over_hip", (b) => height(b, WRIST, HIP)],
  ["wrist_over_ankle", (b) => height(b, WRIST, ANKLE)],
  ["wrist_reach", (b) => distance(b, WRIST, SHOULDER)],
  ["shoulder_to_ankle", (b) => distance(b, SHOULDER, ANKLE)],
  ["shoulder_to_knee", (b) => distance(b, SHOULDER, KNEE)],
  ["wrist_to_ankle", (b) => distance(b, WRIST, ANKLE)],
  ["stride", stride],
  ["front_knee_over_toe", frontKneeOverToe],
  ["front_knee_angle", (b) => ofFrontLeg(b, angle(b, HIP, KNEE, ANKLE))],
  ["ankle_spread", (b) => spread(b, ANKLE)],
  ["wrist_spread", (b) => spread(b, WRIST)],
  ["elbow_spread", (b) => spread(b, ELBOW)],
  ["knee_spread", (b) => spread(b, KNEE)],
  ["wrist_ahead", (b) => ahead(b, WRIST, SHOULDER)],
  ["ankle_ahead", (b) => ahead(b, ANKLE, HIP)],
  ["shoulder_ahead", (b) => ahead(b, SHOULDER, HIP)],
  ["shoulder_height", (b) => -middle(b.y, SHOULDER)],
  ["hip_height", (b) => -middle(b.y, HIP)],
  ["shoulder_width", (b) => spread(b, SHOULDER)],
]);

/** Whether a measure is of the whole body rather than of left and right limbs. */
export function isCentral(name: string) {
  return CENTRAL.has(name);
}

/** Measure a body; NaN if a required joint is missing. */
export function measure(body: Body, name: string, sides: Side) {
  const central = CENTRAL.get(name);
  if (central && sides === "mean") return central(body);
  const limb = LIMB.get(name);
  if (!limb) throw new RangeError(`There is no measure ${name} of ${sides}.`);
  const [function_, joints] = limb;
  const [left, right] = function_(body);
  switch (sides) {
    case "left": return left;
    case "right": return right;
    case "least": return Math.min(left, right);
    case "most": return Math.max(left, right);
    default: return weighted(body, joints, left, right);
  }
}

/** Measure a body; also NaN where a required joint is a guess, on the left and on the right. */
export function seenMeasure(body: Body, name: string, sides: Side) {
  const [, joints] = LIMB.get(name) ?? [];
  const isSeen = !joints || [0, 1].some((side) => joints.every((pair) => body.visibility[pair[side]] >= SEEN));
  return isSeen ? measure(body, name, sides) : NaN;
}

/** Mean of both sides, weighted by the squared visibility of their least visible joint. */
function weighted(body: {visibility: ArrayLike<number>}, joints: readonly (readonly number[])[], left: number, right: number) {
  const [ofLeft, ofRight] = both((side) => Math.min(...joints.map((pair) => body.visibility[pair[side]])) ** 2 + 1e-3);
  return (left * ofLeft + right * ofRight) / (ofLeft + ofRight);
}
