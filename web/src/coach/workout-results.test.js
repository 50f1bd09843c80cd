// What the coach page sends to the pose coach when a workout stops.
import assert from "node:assert/strict";
import { test } from "node:test";

import { workoutResults } from "./workout-results.ts";

const SET = { exerciseId: "squat", holdMs: null };
const rep = (set, startMs, form) => ({ set, startMs, endMs: startMs + 2000, form });
const SESSION = {
  startedAt: "2026-11-23T08:00:00.000Z",
  sets: [{ ...SET, number: 1 }, { ...SET, number: 2, exerciseId: "lunge" }, { ...SET, number: 3 }],
  repetitions: [rep(1, 1000, 0.8), rep(1, 4000, null), rep(2, 20_000, null), rep(3, 60_000, 1)],
  cues: [{ set: 1, cue: "Chest up. " }, { set: 3, cue: "Chest up." }, { set: 2, cue: "Longer step." }, { set: 3, cue: "x".repeat(600) }],
};

test("each exercise that the camera judged has one result, of its last repetition", () => {
  assert.deepEqual(workoutResults(SESSION), [{
    exercise: "squat", reps: 3, accuracy: 0.9, timestamp: "2026-11-23T08:01:02.000Z", duration: 61, feedbackPoints: ["Chest up.", "x".repeat(500)],
  }]);
});

test("a workout that was counted by hand has none", () => {
  assert.deepEqual(workoutResults({ ...SESSION, repetitions: [rep(1, 0, null)] }), []);
});
