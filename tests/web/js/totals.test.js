import assert from "node:assert/strict";
import { test } from "node:test";

import { periodStarts, summed } from "../../../web/js/totals.js";

const WEDNESDAY = new Date(2026, 10, 18, 12);
const day = (start, repetitions) => ({ start, sessions: 1, repetitions, durationMs: 1000, caloriesKcal: 0.5 });

test("weeks begin on the day that somebody has chosen", () => {
  assert.deepEqual(periodStarts("WEEK", WEDNESDAY, 1).slice(-2), ["2026-11-09", "2026-11-16"]);
  assert.deepEqual(periodStarts("WEEK", WEDNESDAY, 0).slice(-2), ["2026-11-08", "2026-11-15"]);
  assert.deepEqual(periodStarts("WEEK", WEDNESDAY, 6).slice(-2), ["2026-11-07", "2026-11-14"]);
  assert.equal(periodStarts("WEEK", new Date(2026, 10, 15), 0).at(-1), "2026-11-15");
});

test("days are added up to the weeks they are in", () => {
  const days = [day("2026-11-07", 9), day("2026-11-08", 1), day("2026-11-14", 2), day("2026-11-15T00:00:00", 4)];
  const sums = summed(["2026-11-08", "2026-11-15"], days);
  assert.deepEqual(sums.map(({ start, sessions, repetitions, durationMs }) => [start, sessions, repetitions, durationMs]), [
    ["2026-11-08", 2, 3, 2000], ["2026-11-15", 1, 4, 1000],
  ]);
  assert.deepEqual(summed(["2026-11-08"], []), [{ start: "2026-11-08", sessions: 0, repetitions: 0, durationMs: 0, caloriesKcal: 0 }]);
});
