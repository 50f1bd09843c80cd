import assert from "node:assert/strict";
import test from "node:test";

import { Chunker } from "./chunker.ts";

const frame = (timeMs, landmarks = null) => ({ timeMs, landmarks, world: null, aspectRatio: 1 });

test("a chunk has the frames of half a second, and each frame is in one chunk", () => {
  const chunker = new Chunker();
  const times = Array.from({ length: 61 }, (_, index) => 100 * index);
  const chunks = times.map((timeMs) => chunker.add(frame(timeMs))).filter(Boolean);
  assert.ok(chunks.every((chunk) => chunk.length === 5));
  const all = [...chunks.flat(), ...chunker.take()].map(({ timeMs }) => timeMs);
  assert.deepEqual(all, times);
});

test("the interval follows the server, from half a second to two", () => {
  for (const [requested, frames] of [[1000, 10], [9000, 20], [10, 5]]) {
    const chunker = new Chunker();
    chunker.intervalMs = requested;
    let chunk = null;
    for (let timeMs = 0; !chunk; timeMs += 100) chunk = chunker.add(frame(timeMs));
    assert.equal(chunk.length, frames);
  }
});

test("a frame that is not later than the one before, or before the start, is skipped", () => {
  const chunker = new Chunker(1000);
  for (const timeMs of [-5, 900, 1000, 1100, 1100, 1050, NaN, 1200]) chunker.add(frame(timeMs));
  assert.deepEqual(chunker.take().map(({ timeMs }) => timeMs), [1100, 1200]);
});

test("a landmark has all its numbers or is absent, and the source may reuse its arrays", () => {
  const chunker = new Chunker();
  const landmarks = new Float32Array(132).fill(0.5);
  [landmarks[4], landmarks[9], landmarks[15]] = [NaN, 101, 1.5];
  chunker.add(frame(0, landmarks));
  landmarks.fill(7);
  const [{ landmarks: kept }] = chunker.take();
  assert.deepEqual([...kept.subarray(0, 16)], [0.5, 0.5, 0.5, 0.5, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, 0.5, 0.5, 0.5, 1]);
});

test("a picture belongs to the frame of its time, whether it arrives before or after it", () => {
  const chunker = new Chunker();
  const [earlier, later] = [new Uint8Array([1]), new Uint8Array([2])];
  chunker.picture(100, earlier);
  for (const timeMs of [0, 100, 200]) chunker.add(frame(timeMs));
  chunker.picture(200, later);
  assert.deepEqual(chunker.take().map(({ image }) => image), [undefined, earlier, later]);
});

test("a picture without a frame is left out", () => {
  const chunker = new Chunker();
  chunker.add(frame(0));
  chunker.take();
  chunker.picture(0, new Uint8Array([1]));
  chunker.picture(50, new Uint8Array([2]));
  for (const timeMs of [100, 200]) chunker.add(frame(timeMs));
  assert.ok(chunker.take().every(({ image }) => image === undefined));
});
