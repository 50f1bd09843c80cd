// The verdict on a session: the first thing that an athlete reads after training.
import assert from "node:assert/strict";
import test from "node:test";

import { inOrder } from "./load-session.ts";
import { verdict } from "./verdict.ts";

const EXERCISES = new Map([
  ["squat", { id: "squat", name: "Squat", faults: [{ id: "shallow", cue: "Go a little deeper" }] }],
  ["bench_press", { id: "bench_press", name: "Bench press", faults: [] }],
  ["plank", { id: "plank", name: "Plank", faults: [] }],
]);

const rep = (number, more = {}) => ({ set: 1, number, startMs: 2000 * number, endMs: 2000 * number + 1500, form: 0.95, faults: [], rangeOfMotionDeg: 90, tempo: { eccentricS: 1.2, bottomPauseS: 0, concentricS: 1, topPauseS: 0 }, ...more });
const session = (repetitions, more = {}) => ({
  status: "COMPLETED", exerciseId: "squat", durationMs: 30_000, countedBy: { source: "SERVER" }, rejectedRepetitions: [],
  sets: [{ number: 1, exerciseId: "squat", holdMs: 0 }], repetitions: inOrder(repetitions), ...more,
});
const said = (...given) => { const { headline, advice } = verdict(session(...given), EXERCISES); return `${headline} ${advice}`.trim(); };

test("the verdict says how many were clean, and one thing to change", () => {
  const shallow = { faults: ["shallow"], form: 0.6 };
  assert.equal(said([rep(1), rep(2)]), "2 clean squats. Steady from first to last. Keep it up.");
  assert.equal(said([rep(1), rep(2), rep(3, shallow), rep(4, shallow)]), "4 squats, 2 of them clean. Reps 3 and 4: go a little deeper.");
  assert.equal(said([rep(1, shallow)]), "1 squat. Rep 1: go a little deeper.");
  const fast = { tempo: { eccentricS: 0.4, bottomPauseS: 0, concentricS: 1, topPauseS: 0 } };
  assert.equal(said([rep(1, fast), rep(2, fast)]), "2 clean squats. Slow down on the way.");
  assert.equal(said([rep(1), rep(2)], { rejectedRepetitions: [{ reason: "too_shallow" }] }), "2 clean squats. One more did not count: too shallow to count.");
});

test("nothing is praised that was not counted or judged", () => {
  assert.equal(said([]), "No reps counted. Show your whole body from head to feet, and check that the exercise is right.");
  assert.equal(said([], { exerciseId: "plank", sets: [{ number: 1, exerciseId: "plank", holdMs: 32_000 }] }), "Held for 32 s.");
  assert.equal(said([rep(1, { form: null }), rep(2, { form: null })], { exerciseId: "bench_press", countedBy: { source: "MANUAL" } }), "2 bench presses. Counted by hand in 30 s.");
});

test("R-UIX-08: a session with several exercises is not called by its first one alone", () => {
  const sets = ["squat", "bench_press", "squat", "plank"].map((exerciseId, at) => ({ number: at + 1, exerciseId, holdMs: 0 }));
  assert.equal(said([rep(1), rep(2), rep(3)], { sets }), "Squat and 2 other exercises: 3 reps in 4 sets.");
  assert.equal(said([rep(1)], { sets: sets.slice(0, 2) }), "Squat and 1 other exercise: 1 rep in 2 sets.");
});

test("R-UIX-07: numbers beside a right-to-left name keep their place", () => {
  const named = new Map([...EXERCISES, ["squat", { id: "squat", name: "قرفصاء", faults: [] }]]);
  const sets = ["squat", "plank"].map((exerciseId, at) => ({ number: at + 1, exerciseId, holdMs: 0 }));
  assert.equal(verdict(session([rep(1)]), named).headline, "1 clean \u2068قرفصاء\u2069.");
  assert.equal(verdict(session([rep(1), rep(2)]), named).headline, "2 clean \u2068قرفصاء\u2069.");
  assert.equal(verdict(session([rep(1)], { sets }), named).headline, "\u2068قرفصاء\u2069 and 1 other exercise: 1 rep in 2 sets.");
});

test("after a removal, repetitions are numbered in the order in which they were performed", () => {
  const places = inOrder([rep(4, { startMs: 900 }), rep(1, { startMs: 100 }), { ...rep(1), set: 2 }]).map(({ set, number, place }) => [set, number, place]);
  assert.deepEqual(places, [[1, 1, 1], [1, 4, 2], [2, 1, 1]]);
});
