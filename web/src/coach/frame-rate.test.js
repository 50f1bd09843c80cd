// A slow device counts, but does not judge form.
import assert from "node:assert/strict";
import test from "node:test";

import { FrameRate } from "./frame-rate.ts";

/** Add frames at a rate; return whether the device is slow at the end. */
function play(rate, from, perSecond, seconds) {
  let isSlow = false;
  for (let at = 0; at <= seconds * perSecond; at += 1) isSlow = rate.add(from + (1000 * at) / perSecond);
  return isSlow;
}

test("a device is slow below 8 frames per second, and fast again from 10 on", () => {
  const rate = new FrameRate();
  assert.equal(play(rate, 0, 15, 4), false);
  assert.equal(play(rate, 4000, 5, 6), true);
  assert.equal(play(rate, 10_000, 9, 6), true);
  assert.equal(play(rate, 16_000, 12, 6), false);
});

test("the first frames decide nothing, and a reopened camera starts anew", () => {
  const rate = new FrameRate();
  assert.equal(play(rate, 0, 3, 1), false);
  assert.equal(play(rate, 5000, 4, 4), true);
  assert.equal(rate.add(100), true);
  assert.equal(play(rate, 200, 20, 4), false);
});
