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

/** Let a test set the time. */
function mockTime(context) {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
}

/** Open a workout that is counted by hand, and go on until the countdown of its next set is over. */
async function begun(context, server = new Server()) {
  mockTime(context);
  const player = await opened("manual", server);
  context.after(() => player.leave());
  await counted(context, player);
  return { server, player };
}

/** Go on some hours later. */
function later(context, hours) {
  const page = performance.now.bind(performance);
  context.mock.method(performance, "now", () => page() + hours * 3_600_000);
  context.mock.timers.setTime(Date.now() + hours * 3_600_000);
}

for (const hours of [8, 30]) {
  test(`a workout that was forgotten for ${hours} hours in a rest ends with the rest`, async (context) => {
    const { server, player } = await begun(context);
    player.tap();
    player.finish();
    later(context, hours);
    await player.end();
    assert.equal(endIn(server, "complete"), 3000 + 60_000); // the countdown, and the rest
  });

  test(`a workout that was forgotten for ${hours} hours in a set by hand ends with its last repetition`, async (context) => {
    const { server, player } = await begun(context);
    player.tap();
    later(context, hours);
    await player.end();
    assert.deepEqual([endIn(server, "finish"), endIn(server, "complete")], [3000, 3000]);
  });
}

test("a workout that is opened again hours later ends with the last thing that the server knows", async (context) => {
  mockTime(context);
  const server = new Server();
  server.nowMs = 30_000_000;
  server.sets = [{ number: 1, line: 1, exerciseId: "squat", status: "underway", source: "manual", heldMs: 0, startMs: 100_000, endMs: null, movements: [{ number: 1, accepted: true, byHand: true, startMs: 110_000, endMs: 110_000, reason: null }] }];
  const player = await opened("manual", server);
  context.after(() => player.leave());
  await player.end();
  assert.deepEqual([endIn(server, "finish"), endIn(server, "complete")], [110_000, 110_000]);
});

test("a workout ends now if something happened within the hour", async (context) => {
  const { server, player } = await begun(context);
  player.tap();
  player.finish();
  later(context, 0.9);
  await player.end();
  assert.equal(endIn(server, "complete"), 3000 + 0.9 * 3_600_000);
});

test("an amount that is entered hours after its set belongs to the time of the set", async (context) => {
  const { server, player } = await begun(context);
  context.mock.timers.tick(40_000);
  player.finish();
  later(context, 8);
  player.log(3);
  await player.end();
  assert.deepEqual([endIn(server, "finish"), endIn(server, "complete")], [43_000, 43_000]);
});

test("a hold that was forgotten for hours has no length", async (context) => {
  const server = new Server();
  server.sets = [1, 2].map((number) => ({ number, line: 1, exerciseId: "squat", status: "completed", source: "manual", heldMs: 0, startMs: 0, endMs: 0, movements: [] }));
  await begun(context, server);
  later(context, 8);
  context.mock.timers.tick(250);
  await until(() => server.steps.includes("complete") || server.steps.includes("finish"));
  assert.ok(!server.steps.includes("duration"));
});

test("a workout that goes on without a connection ends with the last thing that its earlier page kept", async (context) => {
  mockTime(context);
  const server = new Server();
  server.nowMs = 30_000_000;
  const player = new Player(new Watcher(), heard);
  context.after(() => player.leave());
  await player.open(server.executionState(), { progress: { execution: server.executionState(), guided: initialState(STEPS), plannedS: null, lastMs: 50_000 } });
  await player.end();
  assert.equal(endIn(server, "complete"), 50_000);
});

test("a device that wakes up hours later pauses the set, and the workout ends with its last repetition", async (context) => {
  const { server, player } = await begun(context);
  player.tap();
  later(context, 8);
  player.pause(); // as the page does without a camera
  await player.end();
  assert.equal(endIn(server, "complete"), 3000);
});

test("a set that goes on after a long pause is not forgotten", async (context) => {
  const { server, player } = await begun(context);
  player.pause();
  later(context, 2);
  player.pause();
  await player.end();
  assert.equal(endIn(server, "complete"), 3000 + 2 * 3_600_000);
});

test("no set starts by itself hours after its rest", async (context) => {
  const { server, player } = await begun(context);
  player.tap();
  player.finish();
  later(context, 8);
  player.rested();
  assert.equal(phase(), "instructions");
  await player.end();
  assert.equal(endIn(server, "complete"), 3000 + 60_000);
});
