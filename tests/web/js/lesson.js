// Rules of lessons: the files of poses, a typical repetition of the trainer, and the comparison of the athlete with it.
// `tests/web/test_lesson_page.py` writes what the trainer and the athlete perform.
import "../../../web/src/testing/page.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { DeviceCounter } from "../../../web/src/motion/device-counter.ts";

globalThis.window ??= globalThis;
const { advice, compared } = await import("../../../web/src/lesson/comparison.ts");
const { pieceOf, PoseTrack } = await import("../../../web/src/lesson/pose-track.ts");
const { typicalRepetition } = await import("../../../web/src/lesson/trainer-repetition.ts");

const { pieces, definition, repetitions, targets, athlete, firstFrame } = JSON.parse(readFileSync(process.env.LESSON, "utf8"));
const bytesOf = (text) => Uint8Array.from(Buffer.from(text, "base64")).buffer;
const requested = [];
globalThis.fetch = async (url) => {
  requested.push(url);
  return new Response(bytesOf(pieces[Number(url)]));
};

/** The trainer's poses, in pieces of five seconds. */
const opened = () => new PoseTrack(pieces.map((_, number) => String(number)), 5);

test("poses are read as they were stored", async () => {
  const track = opened();
  assert.equal(track.landmarksAt(1), null, "before they are loaded");
  await track.load(0, 4.9);
  assert.deepEqual(requested, ["0"]);
  const { landmarks, aspect } = track.landmarksAt(0);
  assert.ok(Math.abs(aspect - 4 / 3) < 1e-6);
  firstFrame.image.forEach((expected, at) => assert.ok(Math.abs(landmarks[at] - expected) < 2e-4));
  firstFrame.world.forEach((expected, at) => assert.ok(Math.abs(track.worldAt(0)[at] - expected) < 2e-4));
  await track.load(0, 100);
  assert.equal(requested.length, pieces.length);
  assert.equal(track.landmarksAt(100), null);
});

test("a file that is cut off is refused", () => {
  assert.throws(() => pieceOf(bytesOf(pieces[0]).slice(0, -1)), { message: /pose track/ });
  assert.throws(() => pieceOf(new ArrayBuffer(3)), { message: /pose track/ });
});

test("a typical repetition is one of the trainer's", async () => {
  const track = opened();
  await track.load(0, 100);
  const segment = { startMs: 1000 * repetitions[0].startS, endMs: 1000 * repetitions.at(-1).endS };
  const { startS, endS } = typicalRepetition(track, segment, definition);
  assert.ok(repetitions.some((each) => Math.abs(each.startS - startS) < 0.3 && Math.abs(each.endS - endS) < 0.3), `${startS}–${endS}`);
  assert.equal(typicalRepetition(track, { startMs: 0, endMs: 400 }, definition), null);
});

/** The last repetition of an athlete, compared with the trainer's. */
function judged({ timesS, frames, worlds, aspectRatio }) {
  const counter = new DeviceCounter(definition);
  let last = null;
  timesS.forEach((timeS, at) => {
    const { event } = counter.push({ timeMs: 1000 * timeS, landmarks: Float32Array.from(frames[at]), world: Float32Array.from(worlds[at]), aspectRatio });
    last = event ?? last;
  });
  return compared(last, targets);
}

test("an athlete is compared with the trainer's own range and tempo", () => {
  const matches = (name) => Object.fromEntries(judged(athlete[name]).map(({ what, match }) => [what, match]));
  assert.deepEqual(matches("same"), { range: "same", eccentric: "same", concentric: "same" });
  assert.deepEqual(matches("slow"), { range: "same", eccentric: "more", concentric: "more" });
  assert.equal(matches("shallow").range, "less");
  assert.equal(advice(judged(athlete.same)), null);
  assert.equal(advice(judged(athlete.slow)), "eccentric-more");
  assert.equal(advice(judged(athlete.shallow)), "range-less");
});

test("what the trainer's repetitions lack is not compared", () => {
  assert.deepEqual(compared(null, { tempo: null, rangeOfMotionDeg: null, rangeSpreadDeg: null }), []);
  assert.equal(compared(null, targets).every(({ match }) => match === null), true);
  const further = { rangeDeg: targets.rangeOfMotionDeg + 30, tempo: targets.tempo };
  assert.equal(advice(compared(further, targets)), null);
});
