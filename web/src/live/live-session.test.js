// A session in a browser without storage: its times, its ends, and a sign-in that they may need.
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout } from "node:timers/promises";

import { Problem } from "../api/problem.ts";
import { LiveSession } from "./live-session.ts";
import { MemoryQueue } from "./memory-queue.ts";
import { newState, QueueFull } from "./queue.ts";

/** A server that accepts everything, except the configured refusals. */
function fakeServer() {
  const refusals = new Map();
  const chunks = [];
  const paths = [];
  const bodies = [];
  const fetch = async (path, { body }) => {
    paths.push(path);
    bodies.push(JSON.parse(body));
    const refusal = refusals.get(path.split(":").at(-1));
    return refusal ? new Response(JSON.stringify(refusal), { status: refusal.status }) : new Response("{}");
  };
  const transport = {
    async send(bytes) {
      chunks.push(bytes);
      const view = new DataView(bytes.buffer), set = view.getUint16(8, true);
      const refusal = refusals.get(set);
      if (refusal) throw new Problem(refusal);
      return { seqAck: view.getUint32(10, true), set, mode: "live", nextIntervalMs: 500 };
    },
    close() {},
  };
  return { refusals, chunks, paths, bodies, options: { fetch, transport } };
}

/** @param {object} options */
async function begun(options) {
  const session = await LiveSession.begin({ athleteId: "ada", exercise: "squat", ...options });
  const problems = [];
  session.addEventListener("problem", ({ detail }) => problems.push(detail.code));
  return { session, problems };
}

const frame = (timeMs) => ({ timeMs, landmarks: null, world: null, aspectRatio: 1 });

test("frame times start at the session's start, also after the device slept", async (context) => {
  const { options } = fakeServer();
  const slept = 3_600_000; // performance.now() did not advance
  const now = Date.now;
  context.mock.method(Date, "now", () => now() + slept);
  const { session } = await begun(options);
  const beganMs = performance.now();
  session.push(frame(beganMs + 1000));
  session.endSet();
  assert.ok(Math.abs(session.keptToMs - 1000) < 60_000, String(session.keptToMs)); // not the hour
  await session.complete();
});

test("a set after the device slept has the time at which it was done", async (context) => {
  const { options } = fakeServer();
  const { session } = await begun(options);
  session.startSet("squat");
  session.push(frame(performance.now() + 1000));
  session.endSet();
  const slept = 600_000; // performance.now() did not advance
  const now = Date.now;
  context.mock.method(Date, "now", () => now() + slept);
  session.startSet("squat");
  session.push(frame(performance.now() + 2000));
  session.endSet();
  assert.ok(Math.abs(session.keptToMs - slept - 2000) < 60_000, String(session.keptToMs));
  session.startSet("plank", { byHand: true });
  session.tap();
  context.mock.restoreAll();
  assert.ok(Math.abs(session.keptToMs - slept) < 60_000, String(session.keptToMs));
  session.endSet();
  await session.complete();
});

test("frames after the device slept in a pause have the time at which they were taken", async (context) => {
  const { options } = fakeServer();
  const { session } = await begun(options);
  session.startSet("squat");
  session.push(frame(performance.now() + 1000));
  session.pause();
  const slept = 600_000, now = Date.now; // performance.now() did not advance
  context.mock.method(Date, "now", () => now() + slept);
  session.resume();
  session.push(frame(performance.now() + 2000));
  session.endSet();
  context.mock.restoreAll();
  assert.ok(Math.abs(session.keptToMs - slept - 2000) < 60_000, String(session.keptToMs));
  await session.complete();
});

test("the end of a session names the latest set of which the server has frames", async () => {
  const { options, bodies, refusals } = fakeServer();
  const { session } = await begun(options);
  refusals.set(3, { title: "Set 3 is unknown.", code: "session.set_out_of_order", status: 422 });
  for (const exercise of ["squat", "lunge", "plank"]) session.startSet(exercise);
  await session.complete();
  assert.equal(bodies.at(-1).streamedSets, 2);
});

test("ending a session that needs a sign-in says so and can be repeated", async () => {
  const { options, refusals } = fakeServer();
  const { session, problems } = await begun(options);
  refusals.set("complete", { status: 401, code: "auth.sign_in_ended" });
  await assert.rejects(session.complete(), { status: 401 });
  assert.ok(session.isCompleting && !session.isOver);
  assert.ok(problems.includes("auth.sign_in_ended"));
  refusals.clear();
  await session.complete();
  assert.ok(session.isOver);
});

/** Refuse entries of the queue until the returned object has room. */
function fullStorage(context) {
  const storage = { isFull: true };
  const { append } = MemoryQueue.prototype;
  context.mock.method(MemoryQueue.prototype, "append", function add(...entry) {
    return storage.isFull ? Promise.reject(new QueueFull()) : append.apply(this, entry);
  });
  return storage;
}

test("ending a session while the storage is full says so and can be repeated", async (context) => {
  const { options } = fakeServer();
  const { session, problems } = await begun(options);
  const storage = fullStorage(context);
  await assert.rejects(session.complete(), { code: "live.buffer_full" });
  assert.ok(!session.isCompleting && problems.includes("live.buffer_full"));
  storage.isFull = false;
  await session.complete();
  assert.ok(session.isOver);
});

test("sets and repetitions by hand while the storage is full are sent, in order, once there is room", async (context) => {
  const { options, paths } = fakeServer();
  const { session } = await begun(options);
  const storage = fullStorage(context);
  session.startSet("squat", { byHand: true });
  session.tap();
  await setTimeout(10);
  storage.isFull = false;
  session.tap();
  session.endSet();
  await session.complete();
  assert.deepEqual(paths.map((path) => path.split(/[/:]/).at(-1)), ["sessions", "sets", "repetitions", "repetitions", "finish", "complete"]);
});

test("a session is not ended before the end of its set that had no room", async (context) => {
  const { options, paths } = fakeServer();
  const { session } = await begun(options);
  session.startSet("squat", { byHand: true });
  await setTimeout(10);
  const { append } = MemoryQueue.prototype;
  let isRoom = false;
  context.mock.method(MemoryQueue.prototype, "append", function add(state, entry) {
    const fits = isRoom || entry.kind === "complete";
    return fits ? append.call(this, state, entry) : Promise.reject(new QueueFull());
  });
  session.endSet();
  await assert.rejects(session.complete(), { code: "live.buffer_full" });
  isRoom = true;
  await session.complete();
  assert.deepEqual(paths.map((path) => path.split(/[/:]/).at(-1)), ["sessions", "sets", "finish", "complete"]);
});

test("a session whose end was not stored can be ended after a reload", async (context) => {
  const { options } = fakeServer();
  const state = { ...newState({ athleteId: "ada", exercise: "squat", model: "m", startedAt: Date.now() }), isCompleting: true };
  context.mock.method(MemoryQueue.prototype, "session", async () => state);
  const session = await LiveSession.resume(state.sessionId, options);
  await session.complete();
  assert.ok(session.isOver);
});

test("ending a session that the server has lost reports it", async () => {
  const { options, refusals } = fakeServer();
  const { session, problems } = await begun(options);
  refusals.set("complete", { status: 404, code: "session.unknown" });
  await assert.rejects(session.complete(), /was deleted from this browser/);
  assert.ok(session.isOver);
  assert.ok(problems.includes("session.unknown"));
});

test("a corrected clock loses no frame, and no session ends before its start", async () => {
  const { options, chunks } = fakeServer();
  const bodies = [];
  const fetch = async (path, { body }) => { bodies.push(JSON.parse(body)); return new Response("{}"); };
  const startedAt = Date.now() + 3_600_000; // an hour ahead, like the device's clock at that time
  const stored = { sessionId: "s", workoutId: "w", athleteId: "ada", exercise: "squat", set: 1, isSetOpen: true };
  const session = await LiveSession.adopt({ ...options, fetch, ...stored, startedAt });
  session.push(frame(performance.now() + 1000));
  await session.complete();
  assert.equal(chunks.length, 1);
  assert.ok(session.keptToMs > 0 && session.keptToMs < 2000, String(session.keptToMs));
  assert.ok(Date.parse(bodies.at(-1).at) >= startedAt);
});

/** Complete a session after a pause. @returns with what it ended */
async function endAfter(context, pauseMs, { isLeft }) {
  const { options } = fakeServer();
  const bodies = [];
  const fetch = async (path, { body }) => { if (path.endsWith(":complete")) bodies.push(JSON.parse(body)); return new Response("{}"); };
  const { session } = await begun({ ...options, fetch, isLeft });
  session.push(frame(performance.now() + 1000));
  session.endSet();
  const lastAt = session.state.startedAt + session.keptToMs;
  const now = Date.now;
  context.mock.method(Date, "now", () => now() + pauseMs);
  await session.complete();
  context.mock.restoreAll();
  return Math.abs(Date.parse(bodies[0].at) - lastAt) < 1000 ? "with the last frame" : "now";
}

for (const [what, minutes, isLeft, end] of [
  ["a session ends now, after a rest", 50, false, "now"],
  ["a session that was forgotten for a night ends with its last frame", 600, false, "with the last frame"],
  ["a session that was forgotten for days ends with its last frame", 3000, false, "with the last frame"],
  ["a session whose page was closed ends with its last frame", 50, true, "with the last frame"],
]) {
  test(what, async (context) => assert.equal(await endAfter(context, minutes * 60_000, { isLeft }), end));
}

/** Leave a set by hand open for some hours, then complete the session. @returns the requests, and the end of the session in milliseconds */
async function leftOpen(context, hours, { heldMs = 0 } = {}) {
  const { options } = fakeServer();
  const bodies = new Map();
  const fetch = async (path, { body }) => { bodies.set(path.split(/[/:]/).at(-1), JSON.parse(body)); return new Response("{}"); };
  const { session } = await begun({ ...options, fetch });
  session.startSet("squat", { byHand: true });
  session.tap();
  const [wall, page] = [Date.now, performance.now.bind(performance)];
  context.mock.method(Date, "now", () => wall() + hours * 3_600_000);
  context.mock.method(performance, "now", () => page() + hours * 3_600_000);
  session.endSet(heldMs);
  await session.complete();
  context.mock.restoreAll();
  return { bodies, endMs: Date.parse(bodies.get("complete").at) - session.state.startedAt };
}

for (const hours of [8, 30]) {
  test(`a set by hand that was left open for ${hours} hours ends with its last repetition, and so does the session`, async (context) => {
    const { bodies, endMs } = await leftOpen(context, hours);
    const { atMs } = bodies.get("repetitions");
    assert.deepEqual([bodies.get("finish").endMs, endMs], [atMs, atMs]);
  });
}

test("a set by hand that took less than an hour ends now", async (context) => {
  const { bodies, endMs } = await leftOpen(context, 0.9, { heldMs: 3_000_000 });
  assert.ok(Math.abs(bodies.get("finish").endMs - 3_240_000) < 60_000);
  assert.ok(Math.abs(endMs - 3_240_000) < 60_000);
  assert.equal(bodies.get("duration").durationMs, 3_000_000);
});

test("a hold that was left open for hours has no length", async (context) => {
  assert.ok(!(await leftOpen(context, 8, { heldMs: 8 * 3_600_000 })).bodies.has("duration"));
});

test("no action by hand lies after the longest session, a day", async (context) => {
  const { options } = fakeServer();
  const { session } = await begun(options);
  const page = performance.now.bind(performance);
  context.mock.method(performance, "now", () => page() + 30 * 3_600_000);
  session.startSet("squat", { byHand: true });
  session.tap();
  assert.equal(session.keptToMs, 86_400_000);
  session.close();
});

test("a set by hand that goes on after a long pause is not forgotten", async (context) => {
  const { options } = fakeServer();
  const bodies = new Map();
  const fetch = async (path, { body }) => { bodies.set(path.split(/[/:]/).at(-1), JSON.parse(body)); return new Response("{}"); };
  const { session } = await begun({ ...options, fetch });
  session.startSet("plank", { byHand: true });
  session.pause();
  const page = performance.now.bind(performance);
  context.mock.method(performance, "now", () => page() + 2 * 3_600_000);
  session.resume();
  session.endSet(30_000);
  context.mock.restoreAll();
  await session.complete();
  assert.equal(bodies.get("duration").durationMs, 30_000);
});
