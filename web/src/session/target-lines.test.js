// The line that a part of the body should have had, and the moment at which a fault was worst.

import assert from "node:assert/strict";
import { test } from "node:test";

import { targetOf } from "./target-lines.ts";
import { measuredWords, worstSecond } from "./worst-moment.ts";

const [SHOULDER, HIP, KNEE, ANKLE] = [11, 23, 25, 27];

/** A pose with these points of the left side in picture heights; the right side is hidden behind it. */
function pose(places) {
  const points = new Float32Array(99).fill(NaN);
  for (const [joint, [x, y]] of Object.entries(places)) {
    points.set([x, y, 0.9], Number(joint) * 3);
    points.set([x, y, 0.4], (Number(joint) + 1) * 3);
  }
  return points;
}

const near = (actual, expected) => expected.forEach((value, at) => assert.ok(Math.abs(actual[at] - value) < 1e-5, `${actual} is not ${expected}`));

test("a trunk that leans too far should have leaned to its bound, to the same side", () => {
  const leaning = pose({ [HIP]: [0.5, 0.6], [SHOULDER]: [0.7, 0.6] });
  const { joints, line } = targetOf({ measure: "trunk_lean", statistic: "most" }, 30, leaning, 1);
  assert.deepEqual(joints, [11, 12]);
  near(line[0], [0.5, 0.6]);
  near(line[1], [0.5 + 0.2 * Math.sin(Math.PI / 6), 0.6 - 0.2 * Math.cos(Math.PI / 6)]);
});

test("a bent joint should have had the angle of its bound", () => {
  const straight = pose({ [HIP]: [0.5, 0.4], [KNEE]: [0.5, 0.6], [ANKLE]: [0.52, 0.8] });
  const { joints, line } = targetOf({ measure: "knee_angle", statistic: "mean" }, 90, straight, 1);
  assert.deepEqual(joints, [KNEE]);
  near(line[0], [0.5, 0.6]);
  near(line[1], [0.5 + Math.hypot(0.02, 0.2), 0.6]);
});

test("hips off the line have the straight line of the body, and a range has none", () => {
  const piked = pose({ [SHOULDER]: [0.2, 0.5], [HIP]: [0.5, 0.3], [KNEE]: [0.6, 0.5], [ANKLE]: [0.8, 0.6] });
  const { joints, line } = targetOf({ measure: "level_line_offset", statistic: "mean" }, 0.08, piked, 1);
  assert.deepEqual(joints, [HIP]);
  near(line.flat(), [0.2, 0.5, 0.8, 0.6]);
  assert.equal(targetOf({ measure: "shoulder_angle", statistic: "range" }, 40, piked, 1).line, null);
  assert.equal(targetOf({ measure: "knee_width", statistic: "least" }, 0.7, piked, 1).line, null);
});

test("a forearm should have been upright over its hand", () => {
  const tilted = pose({ 13: [0.3, 0.6], 15: [0.4, 0.8] });
  const { joints, line } = targetOf({ measure: "forearm_tilt", statistic: "mean" }, 16, tilted, 1);
  assert.deepEqual(joints, [13, 14]);
  near(line.flat(), [0.4, 0.8, 0.4, 0.8 - Math.hypot(0.1, 0.2)]);
});

test("the worst moment lies in the part that is judged, and follows the direction of the bound", () => {
  const lean = (x) => pose({ [HIP]: [0.5, 0.6], [SHOULDER]: [0.5 + x, 0.4], [KNEE]: [0.5, 0.8], [ANKLE]: [0.5, 0.95], 13: [0.5, 0.5], 15: [0.5, 0.55] });
  const frames = { times: [0, 1, 2, 3, 4, 5], poses: [lean(0.4), lean(0), lean(0.1), lean(0.2), null, lean(0.5)] };
  const samples = { timeS: [1, 2, 3], effort: [0.1, 1, 0.2] };
  const rep = { startMs: 500, endMs: 4500 };
  const fault = { measure: "trunk_lean", sides: "mean", part: "repetition", above: 60 };
  assert.equal(worstSecond(rep, fault, { samples, frames, aspect: 1 }), 3);
  assert.equal(worstSecond(rep, { ...fault, part: "effort" }, { samples, frames, aspect: 1 }), 2);
  assert.equal(worstSecond(rep, { ...fault, above: null }, { samples, frames, aspect: 1 }), 1);
  assert.equal(worstSecond({ startMs: 9000, endMs: 9500 }, fault, { samples, frames, aspect: 1 }), null);
});

test("angles are in degrees, and other measures are plain numbers", () => {
  const judgement = { fault: "", degree: "clear", probability: 1, measured: 76.6, bound: 60 };
  assert.equal(measuredWords({ measure: "trunk_lean", above: 60 }, judgement), "77°, at most 60°");
  assert.equal(measuredWords({ measure: "knee_width", above: null }, { ...judgement, measured: 0.618, bound: 0.75 }), "0.62, at least 0.75");
});
