// A recording with a server that is slow, unavailable, or requires a new sign-in.
import assert from "node:assert/strict";
import test from "node:test";

import { Recording } from "../../../web/src/live/recording.js";

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
function film(recording, from, count) {
  for (let at = 0; at < count; at += 1) recording.push({ landmarks: null }, from + at);
}

test("a pause keeps its place among the frames", async () => {
  const { said } = lines(keeper());
  const recording = new Recording(what);
  film(recording, 0, 5);
  recording.pause();
  film(recording, 100, 5);
  recording.resume();
  film(recording, 200, 7);
  await recording.stop();
  assert.deepEqual(words(said), ["start", "frames 5", "pause", "resume", "frames 7", "stop"]);
});

test("an unavailable server is retried on a new connection", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const kept = keeper();
  let refusals = 1;
  const { said, Line } = lines((message) =>
    message.type === "frames" && refusals-- > 0 ? { type: "problem", problem: { status: 503, code: "storage.unavailable" } } : kept(message));
  const recording = new Recording(what);
  film(recording, 0, 12);
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
  film(recording, 0, 12);
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
  film(recording, 0, 12);
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
