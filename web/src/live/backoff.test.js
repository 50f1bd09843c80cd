import assert from "node:assert/strict";
import test from "node:test";

import { FIRST_MS, LONGEST_MS, pauseMs } from "./backoff.ts";

test("pauses double, up to the longest", () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 100].map((attempts) => pauseMs(attempts, () => 1));
  assert.deepEqual(pauses, [250, 500, 1000, 2000, 4000, LONGEST_MS, LONGEST_MS, LONGEST_MS]);
});

test("half of a pause is random, so that clients do not retry together", () => {
  assert.equal(pauseMs(1, () => 0), FIRST_MS / 2);
  for (let draw = 0; draw < 100; draw += 1) {
    const pause = pauseMs(3);
    assert.ok(pause >= 500 && pause <= 1000);
  }
});
