// The replay's rules without a page: its position, its frames, its texts, its connection.
import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { breakAt, breaksOf, merged } from "./breaks.ts";
import { formatLink, parseLink } from "./deep-link.ts";
import { FrameBuffer } from "./frame-buffer.ts";
import { ReplaySocket } from "./replay-socket.ts";
import { bestOf, commentedIn, cueAt, exerciseAt, loopedOf, loopOf, markersOf, momentIn, repetitionIn } from "./markers.ts";
import { Playhead } from "./playhead.ts";
import { Replay } from "./replay.ts";

const STANDS = { ack: 0, timeMs: 1000, playing: true, waiting: false, rate: 1, loop: null, endMs: 10_000 };

function playhead(change = {}) {
  const head = new Playhead();
  head.take({ ...STANDS, ...change }, 500);
  return head;
}

test("between messages of the server the replay follows the device's clock", () => {
  assert.equal(playhead().at(700), 1200);
  assert.equal(playhead({ rate: 0.25 }).at(900), 1100);
  assert.equal(playhead({ playing: false }).at(9000), 1000);
  assert.equal(playhead({ waiting: true }).at(9000), 1000);
  assert.equal(playhead().at(1e6), 10_000);
});

test("a loop restarts before the server confirms it", () => {
  const head = playhead({ loop: { startMs: 800, endMs: 1800 } });
  assert.equal(head.at(1300), 1800);
  assert.equal(head.at(1400), 900);
});

test("a position from before the last command is outdated", () => {
  const head = playhead();
  head.expect(3, { timeMs: 7000, playing: false }, 600);
  assert.equal(head.take({ ...STANDS, ack: 2 }, 650), false);
  assert.deepEqual([head.at(700), head.playing], [7000, false]);
  assert.equal(head.take({ ...STANDS, ack: 3, timeMs: 7004 }, 700), true);
});

test("the replay pauses on a lost connection and follows the new one", () => {
  const head = playhead();
  head.expect(8, {}, 500);
  head.lost(800);
  assert.deepEqual([head.at(5000), head.playing], [1300, true]);
  assert.equal(head.take({ ...STANDS, ack: 1 }, 900), true);
});

/** Return a chunk whose frames have one point at x = seconds / 10. */
function chunk(number, fromMs, landmarks = true) {
  const frames = Array.from({ length: 5 }, (_, at) => {
    const timeMs = fromMs + 100 * at;
    return { frame: 5 * number + at, timeMs, landmarks: landmarks ? Array.from({ length: 33 }, (_each, joint) => (joint === 5 ? null : [timeMs / 10_000, 0.25, 0, 0.9])) : null, worldLandmarks: null };
  });
  return { chunk: number, first: 5 * number, frames };
}

test("frames are kept in order and once, whatever their order of arrival", () => {
  const kept = new FrameBuffer(2);
  for (const each of [chunk(2, 1000), chunk(0, 0), chunk(1, 500), chunk(0, 0)]) kept.put(each);
  assert.deepEqual(kept.times, Array.from({ length: 15 }, (_, at) => at / 10));
  const [x] = kept.figureAt(0.65);
  assert.ok(Math.abs(x - 2 * 0.065) < 1e-6, "in picture heights, between two frames");
  assert.ok(Number.isNaN(kept.at(0.65)[4 * 5]));
});

test("no frames are invented in gaps", () => {
  const kept = new FrameBuffer(2);
  kept.put(chunk(0, 0));
  kept.put(chunk(4, 2000, false));
  assert.equal(kept.figureAt(1.2), null);
  assert.equal(kept.figureAt(2.1), null);
  assert.equal(kept.turnedDegAt(2.1), null);
});

test("a range is loaded when all its chunks are", () => {
  const index = [0, 1, 2].map((each) => ({ first: 5 * each, frames: 5, startMs: 500 * each, endMs: 500 * each + 400 }));
  const kept = new FrameBuffer(1);
  kept.put(chunk(1, 500));
  assert.equal(kept.has(index, 500, 900), true);
  assert.equal(kept.has(index, 300, 900), false);
});

const RECORDING = {
  sets: [{ set: 1, exercise: "squat", startMs: 0, endMs: 9000 }, { set: 2, exercise: "squat", startMs: 40_000, endMs: null }],
  repetitions: [
    { set: 2, number: 1, startMs: 41_000, endMs: 43_000, form: 0.95, faults: [] },
    { set: 1, number: 1, startMs: 1000, endMs: 3000, form: 0.4, faults: ["trunk_lean"] },
    { set: 1, number: 2, startMs: 3200, endMs: 5000, form: null, faults: [] },
  ],
  cues: [{ atMs: 3100, cue: "Chest up", fault: "trunk_lean" }],
  pauses: [{ startMs: 10_000, endMs: 12_000 }],
};

test("repetitions are numbered through the session and described", () => {
  const markers = markersOf(RECORDING);
  assert.deepEqual(markers.repetitions.map(({ number, startS }) => [number, startS]), [[1, 1], [2, 3.2], [3, 41]]);
  assert.equal(momentIn(markers, 41.5), "repetition 3 of 3, 0:41");
  assert.equal(momentIn(markers, 0.5), "before 3 repetitions, 0:00");
  assert.equal(repetitionIn(markers.repetitions[0]), "Repetition 1, 0:01 to 0:03, needs work 40 %, trunk lean");
  assert.match(repetitionIn(markers.repetitions[1]), /form not measured/);
  assert.deepEqual([cueAt(markers, 3), cueAt(markers, 7)], [null, null]);
  assert.deepEqual(cueAt(markers, 3.2), { atS: 3.1, cue: "Chest up", fault: "trunk_lean" });
  assert.deepEqual([exerciseAt(markers, -1), exerciseAt(markers, 5), exerciseAt(markers, 60)], [null, "squat", "squat"]);
  assert.equal(bestOf(markers).number, 3);
});

test("R-TEN-03: a comment is about the repetition with the number of the server, also after a rejected one", () => {
  const fourth = { set: 1, number: 4, startMs: 6000, endMs: 8000, form: null, faults: [] };
  const markers = markersOf({ ...RECORDING, repetitions: [...RECORDING.repetitions, fourth] });
  assert.equal(commentedIn(markers, 1, 4)?.startS, 6);
  assert.equal(commentedIn(markers, 1, 3), null);
  assert.equal(commentedIn(markers, 2, 1)?.startS, 41);
  assert.equal(commentedIn(markers, null, null), null);
});

test("a loop is recognized as that of its repetition", () => {
  const markers = markersOf(RECORDING);
  for (const each of markers.repetitions) assert.equal(loopedOf(markers, loopOf(each)), each);
  assert.equal(loopedOf(markers, { start: 0, end: 9 }), null);
  assert.equal(loopedOf(markers, null), null);
  const whole = { start: 1, end: 43.05 };
  assert.equal(loopedOf(markers, { start: 1, end: 3.15 }, whole), markers.repetitions[0]);
  assert.equal(loopedOf(markers, { start: 40.85, end: 43.05 }, whole), markers.repetitions[2]);
});

test("breaks are what lies around the sets, and pauses; without sets they are the pauses alone", () => {
  const markers = markersOf(RECORDING);
  assert.deepEqual(breaksOf(markers, 0, 60), [{ startS: 6, endS: 40 }, { startS: 44, endS: 60 }]);
  assert.deepEqual([breakAt(breaksOf(markers, 0, 60), 5.9), breakAt(breaksOf(markers, 0, 60), 39.95)], [null, null]);
  const hold = { set: 3, exercise: "plank", startMs: 50_000, endMs: 55_000 };
  assert.deepEqual(breaksOf(markersOf({ ...RECORDING, sets: [...RECORDING.sets, hold] }), 0, 60), [{ startS: 6, endS: 40 }, { startS: 44, endS: 49 }, { startS: 56, endS: 60 }]);
  const underWay = { ...hold, endMs: null };
  assert.deepEqual(breaksOf(markersOf({ ...RECORDING, sets: [...RECORDING.sets, underWay] }), 0, 60).at(-1), { startS: 44, endS: 49 });
  assert.deepEqual(breaksOf(markersOf({ ...RECORDING, sets: [], repetitions: [] }), 0, 60), [{ startS: 10, endS: 12 }]);
  const inSet = [{ startMs: 2000, endMs: 4500 }];
  assert.deepEqual(breaksOf(markersOf({ ...RECORDING, pauses: inSet }), 0, 6)[0], { startS: 2, endS: 4.5 });
});

test("adjacent lost parts are merged", () => {
  const lost = [{ startS: 2, endS: 2.4 }, { startS: 2.5, endS: 2.9 }, { startS: 5, endS: 5.4 }];
  assert.deepEqual(merged(lost, 0.2), [{ startS: 2, endS: 2.9 }, { startS: 5, endS: 5.4 }]);
});

test("a link opens at its moment", () => {
  const link = { session: "a b", at: 12.5, repetition: 3, share: "t.k" };
  assert.deepEqual(parseLink(formatLink(link)), link);
  assert.deepEqual(parseLink("?session=&t=-3&rep=1.5"), { session: null, at: null, repetition: null, share: null });
  assert.equal(formatLink({ session: "x", at: 0, repetition: null, share: null }), "?session=x");
});

/** Sockets in the order in which they were opened. @type {any[]} */
const sockets = [];
globalThis.location = new URL("http://gym.example/session_replay.html");
globalThis.WebSocket = class {
  static OPEN = 1;
  readyState = 1;
  said = [];
  constructor(url) { this.url = String(url); sockets.push(this); }
  send(text) { this.said.push(JSON.parse(text)); }
  close() { this.readyState = 3; }
  tell(message) { this.onmessage({ data: JSON.stringify(message) }); }
};

/** Return an open connection, its socket, and its events. */
async function line(share = null) {
  const opened = new ReplaySocket("s 1", share);
  const heard = [];
  for (const what of ["hello", "frames", "position", "end", "problem", "lost"]) opened.addEventListener(what, ({ detail }) => heard.push([what, detail]));
  await opened.open();
  const socket = sockets.at(-1);
  socket.onopen();
  return { opened, socket, heard };
}

test("each stored chunk gives the server credit for another one", async () => {
  const { opened, socket, heard } = await line();
  assert.equal(socket.url, "ws://gym.example/ws/replay/s%201");
  assert.deepEqual(socket.said, [{ type: "frames", seq: 1, credits: 6 }]);
  socket.tell({ type: "frames", seq: 2, ack: 1, ...chunk(0, 0) });
  assert.deepEqual(socket.said.at(-1), { type: "frames", seq: 2, credits: 1 });
  assert.equal(opened.say("seek", { timeMs: 5 }), 3);
  assert.equal(heard[0][0], "frames");
  opened.close();
});

test("a share link's token is only in the URL", async () => {
  const { opened, socket } = await line("to/ken");
  assert.equal(socket.url, "ws://gym.example/ws/replay/s%201?share=to%2Fken");
  opened.close();
});

test("a lost connection is reopened, and messages in between are ignored", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { opened, socket, heard } = await line();
  socket.readyState = 3;
  socket.onclose({ code: 1012, reason: "" });
  assert.equal(heard.at(-1)[0], "lost");
  assert.equal(opened.say("play"), null);
  const before = sockets.length;
  mock.timers.tick(300);
  assert.equal(sockets.length, before + 1);
  opened.close();
  mock.timers.reset();
});

test("a revoked link is reported and not retried", async () => {
  const { opened, socket, heard } = await line("token");
  socket.onclose({ code: 4403, reason: "share_link.revoked" });
  assert.equal(opened.isOver, true);
  const [what, problem] = heard.at(-1);
  assert.deepEqual([what, problem.status], ["problem", 403]);
  assert.match(problem.detail, /revoked by its owner/);
});

test("an expired token is refreshed by the browser", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { opened, socket, heard } = await line();
  socket.tell({ type: "hello", seq: 1, ack: 0 });
  socket.onclose({ code: 4401, reason: "auth.token_refused" });
  assert.deepEqual([heard.at(-1)[0], opened.isOver], ["lost", false]);
  const before = sockets.length;
  mock.timers.tick(300);
  assert.equal(sockets.length, before + 1);
  await null;
  sockets.at(-1).onclose({ code: 4401, reason: "auth.sign_in_required" });
  const [what, problem] = heard.at(-1);
  assert.deepEqual([what, problem.status, opened.isOver], ["problem", 401, true]);
  assert.doesNotMatch(problem.title, /auth\./);
  mock.timers.reset();
});

test("without a link no error mentions one", async () => {
  const { socket, heard } = await line();
  socket.onclose({ code: 4403, reason: "id.invalid" });
  assert.deepEqual([heard.at(-1)[0], heard.at(-1)[1].code], ["problem", "recording.unknown"]);
});

test("a URL without a session is reported without a request", async () => {
  const before = sockets.length;
  const opened = new ReplaySocket("", null);
  const heard = [];
  opened.addEventListener("problem", ({ detail }) => heard.push(detail.status));
  await opened.open();
  assert.deepEqual([heard, opened.isOver, sockets.length], [[404], true, before]);
});

test("a chunk lost for good is reported by its number", async () => {
  const { opened, socket, heard } = await line();
  const lost = [];
  opened.addEventListener("missing", ({ detail }) => lost.push(detail));
  const problem = { status: 404, code: "media.missing", title: "Gone." };
  socket.tell({ type: "error", seq: 2, ack: 1, chunk: 0, problem });
  socket.tell({ type: "error", seq: 3, ack: 1, chunk: null, problem });
  assert.deepEqual(lost, [0]);
  assert.equal(heard.filter(([what]) => what === "problem").length, 1, "what was asked for is not refused by it");
  opened.close();
});

test("a range with a lost chunk does not wait for it", () => {
  const index = [0, 1].map((each) => ({ first: 5 * each, frames: 5, startMs: 500 * each, endMs: 500 * each + 400 }));
  const kept = new FrameBuffer(1);
  kept.put(chunk(1, 500));
  kept.miss(0);
  assert.equal(kept.has(index, 0, 900), true);
  assert.deepEqual(kept.missing(index), [index[0]]);
  kept.put(chunk(0, 0));
  assert.equal(kept.times.length, 10);
});

test("a refusal is reported, and the connection stays open", async () => {
  const { opened, socket, heard } = await line();
  socket.tell({ type: "error", seq: 2, ack: 1, problem: { status: 404, code: "media.missing", title: "Gone." } });
  assert.deepEqual([heard.at(-1)[1].code, opened.isOver], ["media.missing", false]);
  opened.close();
});

/** Return a replay of ten seconds that is paused at a time, and its socket. */
async function replayAt(timeMs) {
  globalThis.requestAnimationFrame = () => 0;
  globalThis.cancelAnimationFrame = () => {};
  const replay = new Replay("s", null);
  await null;
  const socket = sockets.at(-1);
  socket.onopen();
  socket.tell({ type: "hello", seq: 1, ack: 0, recording: { startMs: 0, endMs: 10_000, aspectRatio: 1 }, video: null, index: [], markers: { sets: [], repetitions: [], cues: [], pauses: [] } });
  socket.tell({ type: "position", seq: 2, ...STANDS, ack: 1, timeMs, playing: false });
  return { replay, socket };
}

test("a refused command is not treated as done", async () => {
  const { replay, socket } = await replayAt(3000);
  replay.setLoop({ start: 3, end: 3.01 });
  assert.notEqual(replay.loop, null);
  const said = socket.said.length;
  socket.tell({ type: "error", seq: 3, ack: 2, chunk: null, problem: { status: 422, code: "value.invalid", title: "Too short." } });
  assert.deepEqual(socket.said.at(-1), { type: "frames", seq: 3, credits: 1 });
  socket.tell({ type: "position", seq: 4, ...STANDS, ack: 3, timeMs: 3000, playing: false });
  assert.equal(replay.loop, null);
  socket.tell({ type: "error", seq: 5, ack: 3, chunk: null, problem: { status: 409, code: "replay.no_frames", title: "Nothing." } });
  assert.equal(socket.said.length, said + 1, "what would be refused again is not asked");
  replay.close();
});

test("a loop at the start or end has a minimum length", async () => {
  for (const [timeMs, which, start, end] of [[10_000, "in", 9.8, 10], [0, "out", 0, 0.2], [4000, "in", 4, 10], [4000, "out", 0, 4]]) {
    const { replay } = await replayAt(timeMs);
    replay.loopHere(which);
    assert.deepEqual(replay.loop, { start, end });
    replay.close();
  }
});
