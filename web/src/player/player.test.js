// The player without a page: its requests, their order, and what it undoes.
import assert from "node:assert/strict";
import test from "node:test";

import { counted, heard, NOT_DURABLE, opened, phase, turn, until, useWorkoutStore } from "../testing/workout-player.js";
import { Server, Watcher } from "../testing/workout-server.js";

/** Pitches of the sounds that were played, in Hz. @type {number[]} */
let pitches = [];

/** An audio context that plays nothing. */
globalThis.AudioContext = class {
  state = "running";
  currentTime = 0;
  resume() { return Promise.resolve(); }
  createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect() {} }; }
  createOscillator() {
    const frequency = { value: 0 };
    return { frequency, connect: (next) => next, start: () => pitches.push(frequency.value), stop() {} };
  }
};

const { wakeSounds } = await import("../coach/sounds.ts");
const { Player } = await import("./player.ts");

test("a set by hand reports each tap, and then its rest", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  player.tap();
  player.tap();
  player.undo();
  player.finish();
  await until(() => server.steps.at(-1) === "rest");
  assert.deepEqual(server.steps, ["next", "repetitions", "repetitions", "undo", "finish", "rest"]);
  assert.equal(server.requests[0][1].exerciseId, "squat", "also if the plan has been revised meanwhile");
  assert.deepEqual([server.requests[0][1].source, server.requests[0][1].loadKg, server.requests.at(-1)[1].plannedS], ["manual", 20, 60]);
  assert.deepEqual([phase(), useWorkoutStore.get().guided.done[0].amount], ["rest", 1]);
  player.leave();
});

test("a correction during the rest is sent once, before the next set", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  player.tap();
  player.finish();
  for (const amount of [0, 1, 2, 3]) player.adjust(amount);
  await counted(context, player);
  await until(() => server.steps.at(-1) === "next");
  const after = server.requests.slice(server.steps.indexOf("rest") + 1);
  assert.deepEqual(after.map(([what, { repetitions }]) => [what, repetitions]), [["repetitions", 2], ["next", undefined]]);
  assert.equal(useWorkoutStore.get().guided.done[0].amount, 3);
  player.leave();
});

test("a rating of the latest set is sent once for each choice, and not before there is a set", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const player = await opened("manual", server);
  player.rate(8);
  await counted(context, player);
  player.tap();
  player.rate(8);
  player.finish();
  for (const rpe of [null, 8.5, 8.5, null, 9]) player.rate(rpe);
  await until(() => server.sets[0].rpe === 9);
  assert.deepEqual(server.requests.filter(([what]) => what === "rating").map(([, { set, rpe }]) => [set, rpe]), [[1, 8.5], [1, null], [1, 9]]);
  assert.equal(useWorkoutStore.get().guided.done[0].rpe, 9);
  player.leave();
  const again = await opened("manual", server);
  assert.equal(useWorkoutStore.get().guided.done[0].rpe, 9, "as the server has it");
  again.leave();
});

test("after a delayed amount the next set starts at once", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  player.finish();
  assert.equal(phase(), "logging");
  context.mock.timers.setTime(1_000_000 + 45_000);
  player.log(3);
  assert.equal(phase(), "rest");
  await until(() => server.steps.at(-1) === "rest");
  assert.deepEqual(server.requests.at(-1)[1].plannedS, 18); // 60 s since the set, which ended after 3 s of countdown
  await counted(context, player);
  player.finish();
  context.mock.timers.setTime(1_000_000 + 500_000);
  player.log(3);
  assert.equal(phase(), "countdown");
  player.leave();
});

test("a repetition that the server does not remove is shown again", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const problems = [];
  const player = await opened("manual", server, { onProblem: ({ code }) => code !== NOT_DURABLE && problems.push(code) });
  await counted(context, player);
  player.tap();
  server.refuses = "undo";
  player.undo();
  assert.equal(useWorkoutStore.get().repetitions, 0);
  await until(() => problems.length > 0);
  assert.deepEqual([useWorkoutStore.get().repetitions, problems], [1, ["session.repetition_not_counted"]]);
  player.leave();
});

test("adjustments of the rest are added up", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  player.tap();
  player.finish();
  player.moveRest(15);
  player.moveRest(15);
  await until(() => server.requests.at(-1)[1].plannedS === 90);
  player.leave();
});

test("a camera's set ends by itself at the end of its last repetition", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const said = [];
  const player = await opened("landmarks", server, { onSay: (sentences) => said.push(sentences.join(" ")) });
  await counted(context, player);
  const frame = (repetitions, moving) => player.frame({ timeMs: performance.now(), landmarks: null, world: null, aspectRatio: 1 }, { inFrame: true, repetitions, phase: moving, form: null, heldMs: 0 });
  frame(2, "rest");
  frame(3, "concentric");
  assert.equal(phase(), "performing");
  frame(3, "rest");
  assert.deepEqual([phase(), said], ["rest", ["Get ready. Squat. Set 1 of 2. 3 repetitions.", "3 repetitions. Set done. Rest. 60 seconds. Next: Squat."]]);
  frame(4, "rest");
  assert.equal(useWorkoutStore.get().guided.done[0].amount, 3);
  player.leave();
});

test("the countdown waits until the camera sees the athlete and the page is visible", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  player.tap();
  player.finish();
  document.hidden = true;
  player.rested();
  document.hidden = false;
  assert.equal(phase(), "instructions");
  player.leave();
  const unseen = new Watcher();
  unseen.isReady = false;
  const other = new Player(unseen, heard);
  useWorkoutStore.set({ mode: "landmarks" });
  await other.open(new Server().executionState());
  other.ready();
  assert.deepEqual([phase(), useWorkoutStore.get().armed], ["instructions", true]);
  other.ready({ anyway: true });
  assert.equal(phase(), "countdown");
  other.leave();
});

test("skipping an exercise keeps the set that had begun", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  player.tap();
  player.skip(true);
  await until(() => server.steps.at(-1) === "skip");
  assert.deepEqual(server.steps, ["next", "repetitions", "finish", "rest", "skip"]);
  assert.equal(useWorkoutStore.get().guided.at, 2);
  player.leave();
});

test("the workout ends by the server's clock, within a day", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 }); // the device's clock is in 1970
  const server = new Server();
  server.nowMs = 60_000;
  const player = await opened("manual", server);
  context.mock.timers.setTime(1_000_000 + 5000);
  await player.end();
  assert.equal(server.requests.at(-1)[1].at, "2030-01-31T07:31:05.000Z");
  player.leave();
  const nextDay = new Server();
  nextDay.nowMs = 86_500_000;
  nextDay.sets = [{ number: 1, line: 1, exerciseId: "squat", status: "completed", source: "manual", heldMs: 0, startMs: 86_380_000, endMs: 86_390_000, movements: [] }];
  const forgotten = await opened("manual", nextDay);
  await forgotten.end();
  assert.equal(nextDay.requests.at(-1)[1].at, "2030-02-01T07:30:00.000Z");
  forgotten.leave();
});

test("a set counted by hand stays so after a reload", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  server.happened("next", { source: "manual" });
  const player = await opened("landmarks", server);
  assert.ok(player.countsByHand);
  await counted(context, player);
  assert.equal(useWorkoutStore.get().mode, "manual");
  player.leave();
});

test("corrections of a camera's count survive a reload", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  server.happened("next", { source: "server" });
  server.sets[0].movements = [1, 2].map((number) => ({ number, accepted: number === 1, byHand: false, startMs: 0, reason: null }));
  server.seen = 2;
  const player = await opened("landmarks", server);
  await counted(context, player);
  let answers = 0;
  const answer = server.counted.bind(server);
  server.counted = (sequence) => { answers += 1; return answer(sequence); };
  for (let chunk = 0; chunk < 5; chunk += 1) {
    for (let frame = 0; frame < 20; frame += 1) {
      const timeMs = performance.now() + 1000 * chunk + 40 * frame;
      player.frame({ timeMs, landmarks: null, world: null, aspectRatio: 1 }, { inFrame: true, repetitions: 0, phase: "rest", form: null, heldMs: 0 });
    }
  }
  await until(() => answers >= 4);
  await turn();
  assert.equal(useWorkoutStore.get().repetitions, 1);
  player.leave();
});

test("a hold continued by hand is reported beside the camera's part", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  server.sets = [1, 2].map((number) => ({ number, line: 1, exerciseId: "squat", status: "completed", source: "manual", heldMs: 0, movements: [] }));
  let now = performance.now();
  context.mock.method(performance, "now", () => now);
  const player = await opened("landmarks", server);
  await counted(context, player);
  now += 6000;
  player.frame({ timeMs: performance.now(), landmarks: null, world: null, aspectRatio: 1 }, { inFrame: true, repetitions: 0, phase: "hold", form: null, heldMs: 5000 });
  player.byHand();
  now += 2500;
  context.mock.timers.tick(250);
  assert.equal(useWorkoutStore.get().guided.amount, 7);
  player.finish();
  await until(() => server.steps.includes("duration"));
  const [, { set, durationMs }] = server.requests.find(([what]) => what === "duration");
  assert.deepEqual([set, durationMs], [3, 2500]);
  player.leave();
});

test("a workout ends once, and accepts nothing afterwards", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const over = [];
  const player = await opened("manual", server, { onOver: (id) => over.push(id) });
  await counted(context, player);
  player.tap();
  const ended = player.end();
  player.tap();
  player.undo();
  player.skip(false);
  player.finish();
  await Promise.all([ended, player.end()]);
  assert.deepEqual(server.steps, ["next", "repetitions", "finish", "complete"]);
  assert.deepEqual([over, useWorkoutStore.get().stage], [["e1"], "summary"]);
  player.leave();
});

test("more repetitions than the server accepts at once are sent in parts", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  player.finish();
  player.log(2500);
  await until(() => server.steps.at(-1) === "rest");
  assert.deepEqual(server.requests.filter(([what]) => what === "repetitions").map(([, { repetitions }]) => repetitions), [1000, 1000, 500]);
  player.leave();
});

test("a rest is at most an hour", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  player.tap();
  player.finish();
  for (let times = 0; times < 5; times += 1) player.moveRest(900);
  await until(() => server.steps.filter((step) => step === "rest").length === 6);
  assert.equal(server.requests.at(-1)[1].plannedS, 3600);
  player.leave();
});

test("another exercise takes the place of the next sets of its line, also after a reload", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const player = await opened("manual", server);
  await player.define([{ exerciseId: "lunge" }]);
  assert.ok(player.apply({ kind: "swapped", exerciseId: "lunge", loadKg: null }));
  assert.deepEqual(useWorkoutStore.get().guided.steps.map(({ exerciseId }) => exerciseId), ["lunge", "lunge", "plank"]);
  await counted(context, player);
  assert.equal(player.apply({ kind: "swapped", exerciseId: "squat", loadKg: null }), null, "not within a set");
  player.tap();
  player.finish();
  await until(() => server.steps.at(-1) === "rest");
  assert.equal(server.requests[0][1].exerciseId, "lunge");
  player.leave();
  const again = await opened("manual", server);
  const { steps, at } = useWorkoutStore.get().guided;
  assert.deepEqual([at, ...steps.map(({ exerciseId }) => exerciseId)], [1, "lunge", "lunge", "plank"]);
  again.leave();
});

test("the repetition that reaches the goal of a set has a sound of its own", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  wakeSounds();
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  const heardOf = () => { pitches = []; player.tap(); return pitches; };
  const [first, second, third, further] = [heardOf(), heardOf(), heardOf(), heardOf()];
  assert.deepEqual([first.length, second, further], [1, first, first]);
  assert.equal(third.length, 3);
  assert.ok(!third.includes(first[0]));
  player.leave();
});
