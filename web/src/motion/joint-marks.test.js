// The angle beside the joint that moves, and the joints at fault.

import assert from "node:assert/strict";
import { test } from "node:test";

import { marksOf, NO_MARKS } from "./joint-marks.ts";

const [SHOULDER, HIP, KNEE, ANKLE] = [11, 23, 25, 27];
const SQUAT = {
  rangeOfMotion: { measure: "knee_angle" },
  faults: [{ id: "trunk_lean", measure: "trunk_lean" }, { id: "hips", measure: "hip_angle" }, { id: "knees", measure: "knee_width" }],
};

/** A frame of someone whose left side is seen better; the right leg is straight. @param {{world?: boolean}} [options] */
function frame({ world = true } = {}) {
  const places = { [SHOULDER]: [0, 0.2], [HIP]: [0, 0.6], [KNEE]: [0.3, 0.6], [ANKLE]: [0.3, 0.9], 13: [0.1, 0.3], 15: [0.2, 0.4] };
  const straight = { ...places, [KNEE]: [0, 0.8], [ANKLE]: [0, 1] };
  const landmarks = new Float32Array(33 * 4).fill(NaN);
  const metres = new Float32Array(33 * 3).fill(NaN);
  for (const [body, side, visibility] of [[places, 0, 0.9], [straight, 1, 0.5]]) {
    for (const [joint, [x, y]] of Object.entries(body)) {
      landmarks.set([x, y, 0, visibility], 4 * (Number(joint) + side));
      metres.set([x, y, 0.1], 3 * (Number(joint) + side));
    }
  }
  return { timeMs: 0, landmarks, world: world ? metres : null, aspectRatio: 1 };
}

test("the angle is that of the side that the camera sees better", () => {
  const { angle, faulty } = marksOf(frame(), SQUAT, null);
  assert.deepEqual([angle.joint, Math.round(angle.degrees), faulty], [KNEE, 90, []]);
});

test("a fault marks its joints; if it is an angle, that is the one shown", () => {
  assert.deepEqual(marksOf(frame(), SQUAT, "knees").faulty, [KNEE, KNEE + 1]);
  const trunk = marksOf(frame(), SQUAT, "trunk_lean");
  assert.deepEqual([trunk.angle.joint, trunk.faulty], [KNEE, [SHOULDER, SHOULDER + 1]]);
  const hips = marksOf(frame(), SQUAT, "hips");
  assert.deepEqual([hips.angle.joint, Math.round(hips.angle.degrees), hips.faulty], [HIP, 90, [HIP]]);
});

test("without depth there is no angle, and without a person no mark", () => {
  assert.equal(marksOf(frame({ world: false }), SQUAT, null).angle, null);
  assert.deepEqual(marksOf({ ...frame(), landmarks: null }, SQUAT, "knees"), NO_MARKS);
});

test("the front leg of a lunge has the angle, even if the camera sees the other better", () => {
  const lunge = { rangeOfMotion: { measure: "front_knee_angle" }, faults: [] };
  const towardsRight = frame();
  for (const [heel, toe] of [[29, 31], [30, 32]]) {
    towardsRight.world.set([0.2, 1, 0.1], 3 * heel);
    towardsRight.world.set([0, 1, 0.1], 3 * toe);
  }
  const { angle } = marksOf(towardsRight, lunge, null);
  assert.deepEqual([angle.joint, Math.round(angle.degrees)], [KNEE + 1, 180]);
});

const LUNGE = {
  rangeOfMotion: { measure: "front_knee_angle" },
  faults: [{ id: "depth", measure: "front_knee_angle" }, { id: "toes", measure: "front_knee_over_toe" }],
};

/** A lunge towards the right of the picture, where points and space are the same. @param {0 | 1} front leg @param {0 | 1} clearer side */
function lunge(front, clearer) {
  const legs = [
    [front, { [HIP]: [0.4, 0.5], [KNEE]: [0.6, 0.5], [ANKLE]: [0.6, 0.8], 29: [0.58, 0.82], 31: [0.7, 0.82] }],
    [1 - front, { [HIP]: [0.4, 0.5], [KNEE]: [0.4, 0.75], [ANKLE]: [0.2, 0.8], 29: [0.18, 0.8], 31: [0.22, 0.9] }],
  ];
  const landmarks = new Float32Array(33 * 4).fill(NaN);
  const world = new Float32Array(33 * 3).fill(NaN);
  for (const [side, leg] of legs) {
    for (const [joint, [x, y]] of Object.entries(leg)) {
      const visibility = side === clearer ? 0.9 : 0.5;
      landmarks.set([x, y, 0, visibility], 4 * (Number(joint) + side));
      world.set([x, y, 0], 3 * (Number(joint) + side));
    }
  }
  return { timeMs: 0, landmarks, world, aspectRatio: 1 };
}

for (const front of [0, 1]) {
  for (const clearer of [0, 1]) {
    const title = `the ${["left", "right"][front]} leg in front of a lunge has angle and fault, with the ${["left", "right"][clearer]} one seen better`;
    test(title, () => {
      const seen = lunge(front, clearer);
      const [knee, toe] = [KNEE + front, 31 + front];
      const depth = marksOf(seen, LUNGE, "depth");
      assert.deepEqual([depth.angle.joint, Math.round(depth.angle.degrees), depth.faulty], [knee, 90, [knee]]);
      assert.deepEqual(marksOf(seen, LUNGE, "toes").faulty, [knee, toe]);
    });
  }
}
