// A workout that was forgotten, without a page: when it and its sets end.
import assert from "node:assert/strict";
import test from "node:test";

import { counted, heard, opened, phase, until } from "../testing/workout-player.js";
import { Server, STEPS, Watcher } from "../testing/workout-server.js";

const { Player } = await import("./player.ts");
const { initialState } = await import("./state-machine.ts");

/** Milliseconds since the start of the session at which a request says that a set or the workout ended. */
function endIn(server, what) {
  const [, body] = server.requests.findLast(([each]) => each === what);
  return body.endMs ?? Date.parse(body.at) - Date.parse("2030-01-31T07:30:00Z");
}

/** Go on some hours later. */
function later(context, hours) {
  const page = performance.now.bind(performance);
  context.mock.method(performance, "now", () => page() + hours * 3_600_000);
  context.mock.timers.setTime(Date.now() + hours * 3_600_000);
}

for (const hours of [8, 30]) {
  test(`a workout that was forgotten for ${hours} hours in a rest ends with the rest`, async (context) => {
    context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
    const server = new Server();
    const player = await opened("manual", server);
    await counted(context, player);
    player.tap();
    player.finish();
    later(context, hours);
    await player.end();
    assert.equal(endIn(server, "complete"), 3000 + 60_000); // the countdown, and the rest
    player.leave();
  });

  test(`a workout that was forgotten for ${hours} hours in a set by hand ends with its last repetition`, async (context) => {
    context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
    const server = new Server();
    const player = await opened("manual", server);
    await counted(context, player);
    player.tap();
    later(context, hours);
    await player.end();
    assert.deepEqual([endIn(server, "finish"), endIn(server, "complete")], [3000, 3000]);
    player.leave();
  });
}

test("a workout that is opened again hours later ends with the last thing that the server knows", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  const server = new Server();
  server.nowMs = 30_000_000;
  server.sets = [{ number: 1, line: 1, exerciseId: "squat", status: "underway", source: "manual", heldMs: 0, startMs: 100_000, endMs: null, movements: [{ number: 1, accepted: true, byHand: true, startMs: 110_000, endMs: 110_000, reason: null }] }];
  const player = await opened("manual", server);
  await player.end();
  assert.deepEqual([endIn(server, "finish"), endIn(server, "complete")], [110_000, 110_000]);
  player.leave();
});

test("a workout ends now if something happened within the hour", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  player.tap();
  player.finish();
  later(context, 0.9);
  await player.end();
  assert.equal(endIn(server, "complete"), 3000 + 0.9 * 3_600_000);
  player.leave();
});

test("an amount that is entered hours after its set belongs to the time of the set", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  context.mock.timers.tick(40_000);
  player.finish();
  later(context, 8);
  player.log(3);
  await player.end();
  assert.deepEqual([endIn(server, "finish"), endIn(server, "complete")], [43_000, 43_000]);
  player.leave();
});

test("a hold that was forgotten for hours has no length", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  const server = new Server();
  server.sets = [1, 2].map((number) => ({ number, line: 1, exerciseId: "squat", status: "completed", source: "manual", heldMs: 0, startMs: 0, endMs: 0, movements: [] }));
  const player = await opened("manual", server);
  await counted(context, player);
  later(context, 8);
  context.mock.timers.tick(250);
  await until(() => server.steps.includes("complete") || server.steps.includes("finish"));
  assert.ok(!server.steps.includes("duration"));
  player.leave();
});

test("a workout that goes on without a connection ends with the last thing that its earlier page kept", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  const server = new Server();
  server.nowMs = 30_000_000;
  const player = new Player(new Watcher(), heard);
  await player.open(server.executionState(), { progress: { execution: server.executionState(), guided: initialState(STEPS), plannedS: null, lastMs: 50_000 } });
  await player.end();
  assert.equal(endIn(server, "complete"), 50_000);
  player.leave();
});

test("a device that wakes up hours later pauses the set, and the workout ends with its last repetition", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  player.tap();
  later(context, 8);
  player.pause(); // as the page does without a camera
  await player.end();
  assert.equal(endIn(server, "complete"), 3000);
  player.leave();
});

test("a set that goes on after a long pause is not forgotten", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  player.pause();
  later(context, 2);
  player.pause();
  await player.end();
  assert.equal(endIn(server, "complete"), 3000 + 2 * 3_600_000);
  player.leave();
});

test("no set starts by itself hours after its rest", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  const server = new Server();
  const player = await opened("manual", server);
  await counted(context, player);
  player.tap();
  player.finish();
  later(context, 8);
  player.rested();
  assert.equal(phase(), "instructions");
  await player.end();
  assert.equal(endIn(server, "complete"), 3000 + 60_000);
  player.leave();
});
