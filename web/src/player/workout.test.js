// A guided workout without a page: the order of its steps, for each counter and with skipped sets.
import assert from "node:assert/strict";
import { test } from "node:test";

import { careWords, cameraWords, tempoWords } from "./instructions.ts";
import { CameraCount } from "./camera-count.ts";
import { after, initialState, current, isReached } from "./state-machine.ts";
import { doses } from "../workouts/doses.ts";
import { effortWords } from "../workouts/effort.ts";
import { amountWords, minutesOf, stepsOf } from "../workouts/plan.ts";
import { beforeOf, suggestedAmount, recordsOf } from "./progress.ts";
import { healthKitWords, massWords, rejectedOf } from "./result-labels.ts";
import { toGuidedState } from "./resume.ts";
import { ahead, briefing } from "./announcements.ts";
import { Stopwatch } from "../ui/stopwatch.ts";

const LINES = [
  { exerciseId: "squat", sets: 2, targetRepetitions: 10, targetHoldS: null, restS: 60 },
  { exerciseId: "plank", sets: 1, targetRepetitions: null, targetHoldS: 30, restS: 45 },
];
const STEPS = stepsOf(LINES);
const NOW = 1_000_000;

/** @param {any[]} happenings @param {any} [state] */
const go = (happenings, state = initialState(STEPS)) => happenings.reduce(after, state);
const set = (amount, by = "camera") => [{ kind: "ready" }, { kind: "begun" }, { kind: "amount", amount }, { kind: "finished", by, nowMs: NOW }];

test("a prescription is performed set by set, in order", () => {
  assert.deepEqual(STEPS.map(({ exerciseId, set, sets }) => `${exerciseId} ${set}/${sets}`), ["squat 1/2", "squat 2/2", "plank 1/1"]);
  assert.deepEqual(STEPS.map(({ unit, target }) => [unit, target]), [["repetitions", 10], ["repetitions", 10], ["hold", 30]]);
  assert.equal(minutesOf(LINES), 4); // 60 s and 30 s of work, 120 s of rest
});

test("a target of exertion is explained by the repetitions left, or in words", () => {
  const words = (rating) => effortWords(rating, "repetitions");
  assert.deepEqual([10, 9.5, 9, 8.5, 8, 7.5, 5].map(words), [
    "no repetition left", "one repetition left at most", "about 1 repetition left", "1 to 2 repetitions left",
    "about 2 repetitions left", "2 to 3 repetitions left", "about 5 repetitions left",
  ]);
  assert.deepEqual([4.5, 4, 3, 2.5, 1].map(words), ["somewhat hard", "somewhat hard", "moderate", "light", "very light"]);
  assert.deepEqual([10, 9.5, 6.5].map((rating) => effortWords(rating, "hold")), ["maximal", "very hard", "hard"]);
});

test("each set has the target of exertion of its line, which the line shows", () => {
  const heavy = { ...LINES[0], loadKg: 60, targetRpe: 7.5 };
  assert.deepEqual(stepsOf([heavy, LINES[1]]).map(({ targetRpe }) => targetRpe), [7.5, 7.5, undefined]);
  assert.equal(doses(heavy, "metric"), "2 × 10 repetitions · 60 kg · RPE 7.5");
  assert.equal(doses({ ...LINES[1], targetRpe: null }, "metric"), "1 × 30 seconds");
});

test("the announcement of a set names exercise, place and target", () => {
  assert.deepEqual(briefing(STEPS[0], "Squat"), ["Get ready.", "Squat.", "Set 1 of 2.", "10 repetitions."]);
  assert.deepEqual(briefing({ ...STEPS[2], target: 1 }, "Plank").at(-1), "1 second.");
  assert.equal(ahead({ ...STEPS[0], target: 10_000 }, "Squat").later.at(-1), "100", "nobody can say more than is known");
  assert.equal(amountWords(1, "hold"), "1 second");
});

test("a set that was counted is followed by its rest, and the rest by the next countdown", () => {
  const resting = go(set(10));
  assert.deepEqual([resting.phase, resting.at, resting.restEndsMs], ["rest", 1, NOW + 60_000]);
  assert.deepEqual(resting.done, [{ at: 0, set: 1, amount: 10, isSkipped: false, by: "camera" }]);
  assert.deepEqual([go([{ kind: "rested", isReady: true }], resting).phase, current(resting).set], ["countdown", 2]);
  assert.equal(go([{ kind: "rested", isReady: false }], resting).phase, "instructions", "nobody is counted in who is not there");
});

test("after a set without taps the amount is asked for during the rest", () => {
  const logging = go(set(0, "hand"));
  assert.deepEqual([logging.phase, logging.restEndsMs], ["logging", NOW + 60_000]);
  const resting = go([{ kind: "logged", amount: 8, nowMs: NOW + 5000 }], logging);
  assert.deepEqual([resting.phase, resting.done[0].amount, resting.restEndsMs], ["rest", 8, NOW + 60_000]);
});

test("after a camera set without repetitions nothing is asked", () => {
  assert.equal(go(set(0)).phase, "rest");
});

test("the rest can be adjusted, but never into the past", () => {
  const longer = go([{ kind: "restMoved", byS: 15, nowMs: NOW }], go(set(10)));
  assert.equal(longer.restEndsMs, NOW + 75_000);
  assert.equal(go([{ kind: "restMoved", byS: -500, nowMs: NOW }], longer).restEndsMs, NOW);
});

test("a set can be corrected during its rest, but not after the next set began", () => {
  const resting = go([{ kind: "adjusted", amount: 9 }], go(set(10)));
  assert.equal(resting.done[0].amount, 9);
  const later = go([{ kind: "rested", isReady: true }, { kind: "begun" }, { kind: "adjusted", amount: 3 }], resting);
  assert.equal(later.done[0].amount, 9);
});

test("a pause stops the count", () => {
  const state = go([{ kind: "ready" }, { kind: "begun" }, { kind: "amount", amount: 4 }, { kind: "paused" }, { kind: "amount", amount: 5 }]);
  assert.equal(state.amount, 4);
  assert.equal(go([{ kind: "paused" }, { kind: "amount", amount: 5 }], state).amount, 5);
});

test("a set skipped before its start has no number; a started one keeps its count", () => {
  const before = go([{ kind: "skipped", whole: false, nowMs: NOW }]);
  assert.deepEqual([before.phase, before.at, before.sets, before.done[0].set], ["instructions", 1, 0, null]);
  const within = go([{ kind: "ready" }, { kind: "begun" }, { kind: "amount", amount: 3 }, { kind: "skipped", whole: false, nowMs: NOW }]);
  assert.deepEqual([within.phase, within.done[0].set, within.done[0].amount, within.done[0].isSkipped], ["rest", 1, 3, true]);
});

test("skipping an exercise skips its other sets, and a rest continues", () => {
  const whole = go([{ kind: "skipped", whole: true, nowMs: NOW }]);
  assert.deepEqual([whole.at, whole.done.length], [2, 2]);
  const resting = go([{ kind: "skipped", whole: true, nowMs: NOW + 9 }], go(set(10)));
  assert.deepEqual([resting.phase, resting.at, resting.restEndsMs], ["rest", 2, NOW + 60_000]);
});

test("the workout ends after the last set without a rest", () => {
  const over = go([...set(10), ...set(10), ...set(30)]);
  assert.deepEqual([over.phase, current(over), over.restEndsMs, over.sets], ["over", null, null, 3]);
  assert.equal(go([{ kind: "skipped", whole: false, nowMs: NOW }], over), over);
});

test("commands that do not apply change nothing", () => {
  const first = initialState(STEPS);
  for (const kind of ["begun", "finished", "logged", "rested", "paused", "adjusted", "amount", "cancelled", "restMoved"]) {
    assert.equal(after(first, { kind, amount: 1, by: "camera", nowMs: NOW, byS: 15 }), first);
  }
});

test("cancelling the countdown shows the instructions again", () => {
  assert.equal(go([{ kind: "ready" }, { kind: "cancelled" }]).phase, "instructions");
});

test("a set ends by itself at the end of its last repetition", () => {
  const reached = (amount, phase, outward = "eccentric") => isReached({ amount, target: 10 }, phase, outward);
  assert.deepEqual([reached(9, "rest"), reached(10, "concentric"), reached(10, "effort"), reached(10, "rest")], [false, false, false, true]);
  assert.ok(reached(10, "eccentric"), "the next one has begun, so the last one is over");
  assert.ok(!reached(10, "eccentric", "concentric"), "a curl comes back by its eccentric phase");
  assert.ok(isReached({ amount: 30, target: 30 }, "hold", "eccentric"));
});

test("instructions say what the camera looks for and nothing else", () => {
  const squat = {
    kind: "repetitions", views: ["front", "side"], outward: "eccentric", tempo: { eccentricLeastS: 1, concentricLeastS: 0.5 },
    faults: [{ cue: "Chest up", penalty: 0.2 }, { cue: "Keep knees aligned", penalty: 0.4 }],
  };
  assert.match(cameraWords(squat), /from the front or from the side/);
  assert.equal(tempoWords(squat), "Lower for at least 1 second, lift for at least 0.5 seconds.");
  assert.deepEqual(careWords(squat), ["Keep knees aligned", "Chest up"]);
  assert.equal(tempoWords({ ...squat, kind: "hold" }), null);
});

const SET = { line: 1, exerciseId: "squat", status: "completed", source: "manual", repetitions: 8, rejected: 0, heldMs: 0, rpe: 8.5, movements: [] };
const execution = (facts) => ({
  id: "e1", workoutId: "w1", athleteId: "ada", status: "underway", nowMs: 100_000, sets: [], rest: null, next: { set: 1, line: 1, round: 1 },
  lines: LINES.map((line, index) => ({ ...line, line: index + 1, performed: 0, skipped: 0 })), ...facts,
});

test("a reloaded page continues the rest", () => {
  const state = toGuidedState(execution({ sets: [{ ...SET, number: 1 }], next: { set: 2, line: 1, round: 2 }, rest: { afterSet: 1, startedMs: 90_000, plannedS: 60 } }), NOW);
  assert.deepEqual([state.phase, state.at, state.restEndsMs, state.sets], ["rest", 1, NOW + 50_000, 1]);
  assert.deepEqual(state.done, [{ at: 0, set: 1, amount: 8, isSkipped: false, by: "hand", rpe: 8.5 }]);
});

test("a rest that ended meanwhile is over, and no countdown starts", () => {
  const state = toGuidedState(execution({ sets: [{ ...SET, number: 1 }], next: { set: 2, line: 1, round: 2 }, rest: { afterSet: 1, startedMs: 10_000, plannedS: 60 } }), NOW);
  assert.deepEqual([state.phase, state.restEndsMs], ["instructions", null]);
});

test("a set under way continues with its count", () => {
  const open = { ...SET, number: 1, status: "underway", source: "server", repetitions: 4 };
  const state = toGuidedState(execution({ sets: [open], next: { set: 2, line: 1, round: 2 } }), NOW);
  assert.deepEqual([state.phase, state.at, state.amount, state.isOpen], ["instructions", 0, 4, true]);
  const goesOn = go([{ kind: "ready" }, { kind: "begun" }], state);
  assert.deepEqual([goesOn.phase, goesOn.amount, goesOn.sets, goesOn.isOpen], ["performing", 4, 1, false]);
});

test("skipped sets stay skipped after a reload", () => {
  const sets = [{ ...SET, number: 1 }];
  const state = toGuidedState(execution({ sets, next: { set: 2, line: 2, round: 1 } }), NOW);
  assert.deepEqual([state.at, state.done.map(({ isSkipped }) => isSkipped)], [2, [false, true]]);
  assert.equal(toGuidedState(execution({ sets, next: null }), NOW).phase, "over");
});

test("the server's count of a finished set wins, and a skipped set has none", () => {
  const resting = go([{ kind: "confirmed", amounts: new Map([[1, 9]]) }], go(set(10)));
  assert.equal(resting.done[0].amount, 9);
  assert.equal(go([{ kind: "confirmed", amounts: new Map([[1, 9]]) }], resting), resting);
});

test("a set shows its previous result and the record", () => {
  const progress = {
    exerciseId: "squat", sessions: 2, mostRepetitions: { best: 12, sessionId: "e0" }, heaviestKg: { best: 40, sessionId: "e1" }, longestHoldMs: null,
    lastSets: [{ repetitions: 9, heldMs: 0, loadKg: 20, form: null }, { repetitions: 7, heldMs: 0, loadKg: 25, form: null }],
  };
  assert.deepEqual(beforeOf(progress, STEPS[1]), { last: 7, record: 12, loadKg: 25, heaviestKg: 40 });
  assert.equal(beforeOf(progress, { ...STEPS[1], set: 3 }).last, 7, "there were fewer sets then");
  assert.deepEqual(recordsOf(progress, "e1", "metric"), ["40 kg"]);
  assert.deepEqual(recordsOf(progress, "e1", "imperial"), ["88.2 lb"]);
  assert.deepEqual(recordsOf({ ...progress, sessions: 1 }, "e1", "metric"), [], "a first time is no record");
  assert.deepEqual([beforeOf(undefined, STEPS[0]), suggestedAmount(STEPS[0])], [null, 10]);
});

test("a stopwatch leaves pauses out", () => {
  let now = 0;
  const watch = new Stopwatch(() => now);
  const at = (moment, act) => { now = moment; act(); };
  at(0, () => watch.start());
  at(4000, () => watch.pause(true));
  at(9000, () => watch.pause(false));
  at(10_500, () => watch.stop());
  now = 60_000;
  assert.deepEqual([watch.seconds, watch.milliseconds], [5, 5500]);
});

test("a summary explains its figures", () => {
  assert.match(healthKitWords({ status: "failed", reason: "denied" }), /was not allowed/);
  assert.match(healthKitWords({ status: "not_requested", reason: null }), /turned off/);
  assert.match(massWords({ bodyMass: "default", bodyMassKg: 70 }, "metric"), /70 kg/);
  assert.match(massWords({ bodyMass: "default", bodyMassKg: 70 }, "imperial"), /154\.3 lb/);
  const why = (reason) => ({ accepted: reason === null, reason });
  assert.deepEqual(rejectedOf({ movements: [why("too_fast"), why(null), why("athlete"), why("athlete")] }), [["athlete", 2], ["too_fast", 1]]);
});

test("a provisional answer neither lowers the count nor settles it at the end of the set", () => {
  const count = new CameraCount(() => {});
  count.device(3);
  for (let answer = 0; answer < 4; answer++) count.server({ repetitions: 2, setOver: answer === 3, mode: "degraded" });
  assert.equal(count.repetitions, 3);
  count.server({ repetitions: 2, setOver: true, mode: "live" });
  assert.equal(count.repetitions, 2);
});

test("the server is asked to remove a repetition that it has counted, or that was counted by hand", () => {
  let removals = 0;
  const count = new CameraCount(() => { removals += 1; });
  const server = (repetitions) => count.server({ repetitions, setOver: false, mode: "live" });
  count.device(3);
  server(2);
  count.undo({ isDelayed: false });
  for (let answer = 0; answer < 3; answer += 1) server(2);
  assert.deepEqual([count.repetitions, removals], [2, 0], "only the device counted it");
  count.device(4);
  count.undo({ isDelayed: false });
  assert.deepEqual([count.repetitions, removals], [2, 0]);
  server(3);
  assert.deepEqual([count.repetitions, removals], [2, 1]);
  count.correct(1);
  count.undo({ isDelayed: false });
  assert.deepEqual([count.repetitions, removals], [2, 2]);
  count.undo({ isDelayed: true });
  count.device(5);
  count.undo({ isDelayed: false });
  count.removeAll();
  assert.deepEqual([count.repetitions, removals], [1, 4]);
});
