// The times that are suggested for a new segment overlap no other one, and are within the video (R-CON-04).
import assert from "node:assert/strict";
import { test } from "node:test";

const { roomFor } = await import("./new-segment.ts");

const SETS = [{ startMs: 1037, endMs: 4683 }, { startMs: 4700, endMs: 8637 }];

test("a new segment begins at the position of the video", () => {
  assert.deepEqual(roomFor([], 2500, 60_000), { startMs: 2500, endMs: 12_500 });
  assert.deepEqual(roomFor(SETS, 9000, 12_000), { startMs: 9000, endMs: 12_000 });
});

test("a new segment begins after the set at the position of the video", () => {
  assert.deepEqual(roomFor(SETS, 5000, 12_000), { startMs: 8637, endMs: 12_000 });
});

test("too little room between two sets is skipped", () => {
  assert.deepEqual(roomFor(SETS, 2000, 12_000), { startMs: 8637, endMs: 12_000 });
});

test("at the end of the video, a new segment has the last room before it", () => {
  assert.deepEqual(roomFor(SETS, 12_000, 12_000), { startMs: 8637, endMs: 12_000 });
  assert.deepEqual(roomFor(SETS, 8637, 8637), { startMs: 0, endMs: 1037 });
});

test("a video full of sets has no room", () => {
  assert.equal(roomFor([{ startMs: 0, endMs: 12_000 }], 3000, 12_000), null);
});
