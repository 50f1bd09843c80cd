// A recording with a server that is slow, unavailable, or requires a new sign-in.
import assert from "node:assert/strict";
import test from "node:test";

import { Recording } from "./recording.ts";

const settled = () => new Promise((resolve) => { setImmediate(resolve); });

/** WebSockets to a server that replies with `answer(message)`: null for no reply, a number to close the socket. */
function lines(answer) {
  const said = [];
  class Line {
    static OPEN = 1;
    static opened = 0;
    static refusesWith = 0;
    readyState = 0;
    constructor() {
      Line.opened += 1;
      setImmediate(() => { // browsers open them asynchronously
        if (Line.refusesWith) { this.close(); this.onclose?.({ code: Line.refusesWith, reason: "" }); return; }
        this.readyState = 1;
        this.onopen?.();
      });
    }
    send(text) {
      const message = JSON.parse(text);
      said.push(message);
      const reply = answer(message);
      if (typeof reply === "number") queueMicrotask(() => { this.close(); this.onclose?.({ code: reply, reason: "" }); });
      else if (reply) queueMicrotask(() => this.onmessage?.({ data: JSON.stringify(reply) }));
    }
    close() { this.readyState = 3; }
  }
  globalThis.WebSocket = Line;
  globalThis.location = new URL("http://localhost/pose_realtime.html");
  return { said, Line };
}

/** Return the replies of a server that stores everything. */
function keeper() {
  let frameCount = 0;
  return (message) => {
    if (message.type === "frames") frameCount = message.first + message.frames.length;
    const status = { stop: "completed", pause: "paused" }[message.type] ?? "recording";
    return { type: "status", id: "r", status, frameCount, duration: 0, bytes: 0 };
  };
}

const what = { sessionId: "s", name: "n", description: "", aspectRatio: 1 };
const words = (said) => said.map(({ type, frames }) => (frames ? `${type} ${frames.length}` : type));

/** @param {Recording} recording @param {number} from @param {number} count */
function record(recording, from, count) {
  for (let at = 0; at < count; at += 1) recording.push({ landmarks: null }, from + at);
}

test("a pause keeps its place among the frames", async () => {
  const { said } = lines(keeper());
  const recording = new Recording(what);
  record(recording, 0, 5);
  recording.pause();
  record(recording, 100, 5);
  recording.resume();
  record(recording, 200, 7);
  await recording.stop();
  assert.deepEqual(words(said), ["start", "frames 5", "pause", "resume", "frames 7", "stop"]);
});

test("frames with pictures that waited are sent in messages of at most 2 MiB", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { said, Line } = lines(keeper());
  Line.refusesWith = 1006;
  const recording = new Recording(what);
  for (let turns = 0; turns < 3; turns += 1) await settled();
  for (let at = 0; at < 120; at += 1) {
    recording.push({ landmarks: new Float32Array(132).fill(0.1), world: new Float32Array(99).fill(-0.1) }, at);
    recording.picture(at, new Uint8Array(45 * 1024));
  }
  Line.refusesWith = 0;
  context.mock.timers.tick(2000);
  await recording.stop();
  const messages = said.filter(({ type }) => type === "frames");
  assert.deepEqual(messages.flatMap(({ frames }) => frames).map(({ timeMs }) => timeMs), [...Array(120).keys()]);
  assert.ok(messages.every((each) => JSON.stringify(each).length < 2 * 1024 * 1024));
  assert.ok(messages.length < 10); // they are filled
});

test("a recording whose message is too large is refused, and says so", async () => {
  const kept = keeper();
  lines((message) => (message.type === "frames" ? 1009 : kept(message)));
  const recording = new Recording(what);
  const refused = new Promise((resolve) => { recording.addEventListener("problem", ({ detail }) => resolve(detail)); });
  record(recording, 0, 12);
  assert.equal((await refused).code, "recording.message_too_large");
  assert.ok(recording.isRefused);
});

test("an unavailable server is retried on a new connection", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const kept = keeper();
  let refusals = 1;
  const { said, Line } = lines((message) =>
    message.type === "frames" && refusals-- > 0 ? { type: "problem", problem: { status: 503, code: "storage.unavailable" } } : kept(message));
  const recording = new Recording(what);
  record(recording, 0, 12);
  const over = recording.stop();
  while (!words(said).includes("frames 12")) await settled();
  await settled();
  context.mock.timers.tick(2000);
  await over;
  assert.equal(Line.opened, 2);
  assert.deepEqual(words(said), ["start", "frames 12", "continue", "frames 12", "stop"]);
});

test("a missing answer times out after ten seconds", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const kept = keeper();
  let silences = 1;
  const { said, Line } = lines((message) => (message.type === "frames" && silences-- > 0 ? null : kept(message)));
  const recording = new Recording(what);
  record(recording, 0, 12);
  const over = recording.stop();
  while (!words(said).includes("frames 12")) await settled();
  context.mock.timers.tick(10_000);
  await settled();
  context.mock.timers.tick(2000);
  await over;
  assert.equal(Line.opened, 2);
});

test("a connection with an expired token is reopened while the browser is signed in", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const kept = keeper();
  let closings = 1;
  const { said, Line } = lines((message) => (message.type === "frames" && closings-- > 0 ? 4401 : kept(message)));
  const recording = new Recording(what);
  record(recording, 0, 12);
  const over = recording.stop();
  while (!words(said).includes("frames 12")) await settled();
  await settled();
  context.mock.timers.tick(2000);
  await over;
  assert.equal(Line.opened, 2);
  assert.deepEqual(words(said), ["start", "frames 12", "continue", "frames 12", "stop"]);
});

test("a signed-out browser is reported, and retries end", async () => {
  const { Line } = lines(keeper());
  Line.refusesWith = 4401;
  const recording = new Recording(what);
  const problem = await new Promise((resolve) => { recording.addEventListener("problem", ({ detail }) => resolve(detail)); });
  assert.deepEqual([problem.status, problem.code], [401, "auth.sign_in_required"]);
  await recording.stop();
});

test("a refusal keeps what was not sent, and a retry sends it", async () => {
  const kept = keeper();
  let refusals = 1;
  const { said, Line } = lines((message) =>
    message.type === "frames" && refusals-- > 0 ? { type: "problem", problem: { status: 403, code: "consent.missing" } } : kept(message));
  const recording = new Recording(what);
  const refused = new Promise((resolve) => { recording.addEventListener("problem", ({ detail }) => resolve(detail)); });
  record(recording, 0, 12);
  assert.equal((await refused).code, "consent.missing");
  assert.ok(recording.isRefused);
  recording.retry();
  record(recording, 100, 3);
  await recording.stop();
  assert.ok(!recording.isRefused);
  assert.equal(Line.opened, 2);
  assert.deepEqual(said.flatMap(({ frames = [] }) => frames).map(({ timeMs }) => timeMs), [...Array(12).keys(), ...Array(12).keys(), 100, 101, 102]);
});

test("a recording continues in the browser while its user has to sign in", async () => {
  const { said, Line } = lines(keeper());
  Line.refusesWith = 4401;
  const recording = new Recording(what);
  await new Promise((resolve) => { recording.addEventListener("problem", resolve); });
  record(recording, 0, 20);
  Line.refusesWith = 0;
  recording.retry();
  await recording.stop();
  assert.deepEqual(words(said), ["start", "frames 20", "stop"]);
});

test("a server that has too many requests is asked again", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const kept = keeper();
  let refusals = 1;
  const { said, Line } = lines((message) =>
    message.type === "frames" && refusals-- > 0 ? { type: "problem", problem: { status: 429, code: "rate_limited" } } : kept(message));
  const recording = new Recording(what);
  record(recording, 0, 12);
  const over = recording.stop();
  while (!words(said).includes("frames 12")) await settled();
  await settled();
  context.mock.timers.tick(2000);
  await over;
  assert.equal(Line.opened, 2);
});

test("a session that never reaches the server is asked for in longer pauses, and not for ever", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { said } = lines(() => ({ type: "problem", problem: { status: 404, code: "session.unknown" } }));
  const recording = new Recording(what);
  let code = null;
  recording.addEventListener("problem", ({ detail }) => { code = detail.code; });
  for (let attempts = 1; code === null; attempts += 1) {
    while (said.length < attempts) await settled();
    await settled();
    await settled();
    context.mock.timers.tick(60_000);
    assert.ok(attempts < 100);
  }
  assert.equal(code, "session.unknown");
  assert.equal(said.length, 26);
});

test("frames are not dropped in favor of those of another page's recording", async () => {
  lines(({ type }) => (type === "start"
    ? { type: "problem", problem: { status: 409, code: "recording.already_started" } }
    : { type: "status", id: "s", status: "recording", frameCount: 30, duration: 1, bytes: 1 }));
  const recording = new Recording(what);
  record(recording, 0, 12);
  const problem = await new Promise((resolve) => { recording.addEventListener("problem", ({ detail }) => resolve(detail)); });
  assert.equal(problem.code, "recording.already_started");
  assert.ok(recording.isRefused);
});

test("a resumed recording continues after the frames that the server has", async () => {
  const kept = keeper();
  let isFirst = true;
  const { said } = lines((message) => {
    if (message.type === "start") return { type: "problem", problem: { status: 409, code: "recording.already_started" } };
    if (isFirst) { isFirst = false; return { type: "status", id: "s", status: "recording", frameCount: 5, duration: 0, bytes: 0 }; }
    return kept(message);
  });
  const frames = Array.from({ length: 12 }, (_, timeMs) => ({ timeMs, landmarks: null, world: null }));
  const state = { sessionId: "s", athleteId: "a", startedAt: 0, commands: [{ message: { type: "start", ...what }, after: 0 }] };
  globalThis.indexedDB = undefined; // this test is about what is sent
  const recording = Recording.resume(state, [{ sessionId: "s", first: 0, frames }]);
  record(recording, 12, 3); // this page continues it
  void recording.stop();
  await new Promise((resolve) => { recording.addEventListener("over", resolve); });
  assert.deepEqual(words(said), ["start", "continue", "frames 10", "stop"]);
});

test("a browser that cannot store a recording says what to do", async () => {
  lines(keeper());
  const database = { transaction() { throw new Error("broken"); } };
  globalThis.indexedDB = { open() {
    const opening = { result: database };
    setImmediate(() => opening.onsuccess());
    return opening;
  } };
  const recording = new Recording(what, "a");
  const problem = await new Promise((resolve) => { recording.addEventListener("unlogged", ({ detail }) => resolve(detail)); });
  assert.equal(problem.message, "The recording continues. Leave this page open until it is saved. (Error: broken)");
  globalThis.indexedDB = undefined;
  await recording.stop();
});

test("without a connection, a recording says when it keeps no more frames, and goes on later", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { said, Line } = lines(keeper());
  Line.refusesWith = 1006;
  const recording = new Recording(what);
  const problems = [];
  let room = 0;
  recording.addEventListener("full", ({ detail }) => problems.push(detail.code));
  recording.addEventListener("room", () => { room += 1; });
  for (let turns = 0; turns < 3; turns += 1) await settled();
  record(recording, 0, 18_000);
  assert.deepEqual(problems, []);
  record(recording, 18_000, 100);
  assert.deepEqual(problems, ["recording.no_connection"]); // once, not for each frame

  Line.refusesWith = 0;
  await settled();
  context.mock.timers.tick(2000);
  const sent = () => said.reduce((count, { frames = [] }) => count + frames.length, 0);
  while (sent() < 18_000) await settled();
  assert.equal(room, 0);
  record(recording, 20_000, 12);
  assert.equal(room, 1); // once, not for each frame
  await recording.stop();
  assert.deepEqual([sent(), said.filter(({ type }) => type === "frames").at(-1).frames.at(-1).timeMs, problems.length], [18_012, 20_011, 1]);
});

test("a recording whose user has to sign in does not say that there is no connection", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { Line } = lines(keeper());
  Line.refusesWith = 4401;
  const recording = new Recording(what);
  const events = [];
  for (const name of ["problem", "full", "room"]) recording.addEventListener(name, () => events.push(name));
  while (events.length === 0) await settled();
  record(recording, 0, 18_100);
  assert.deepEqual(events, ["problem"]);

  Line.refusesWith = 1006; // the user has signed in, and the connection is lost
  recording.retry();
  record(recording, 18_100, 1);
  assert.deepEqual(events, ["problem"]); // nothing is known yet
  for (let turns = 0; turns < 3; turns += 1) await settled();
  record(recording, 18_101, 2);
  assert.deepEqual(events, ["problem", "full"]);

  Line.refusesWith = 0;
  context.mock.timers.tick(2000);
  await recording.stop();
});
