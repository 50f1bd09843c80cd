import assert from "node:assert/strict";
import { test } from "node:test";

import { periodStarts, summed } from "./training-totals.ts";

const WEDNESDAY = "2026-11-18";
const day = (start, repetitions) => ({ start, sessions: 1, repetitions, durationMs: 1000, caloriesKcal: 0.5 });

test("weeks begin on the chosen day", () => {
  assert.deepEqual(periodStarts("WEEK", WEDNESDAY, 1).slice(-2), ["2026-11-09", "2026-11-16"]);
  assert.deepEqual(periodStarts("WEEK", WEDNESDAY, 0).slice(-2), ["2026-11-08", "2026-11-15"]);
  assert.deepEqual(periodStarts("WEEK", WEDNESDAY, 6).slice(-2), ["2026-11-07", "2026-11-14"]);
  assert.equal(periodStarts("WEEK", "2026-11-15", 0).at(-1), "2026-11-15");
});

test("C-52: days and months are those of the calendar, over leap days and new years", () => {
  assert.deepEqual(periodStarts("DAY", "2028-03-01", 1).slice(-2), ["2028-02-29", "2028-03-01"]);
  assert.deepEqual(periodStarts("MONTH", "2027-01-31", 1).slice(-3), ["2026-11-01", "2026-12-01", "2027-01-01"]);
  assert.deepEqual(periodStarts("WEEK", "2027-01-01", 1).slice(-2), ["2026-12-21", "2026-12-28"]);
});

test("days are summed by week", () => {
  const days = [day("2026-11-07", 9), day("2026-11-08", 1), day("2026-11-14", 2), day("2026-11-15T00:00:00", 4)];
  const sums = summed(["2026-11-08", "2026-11-15"], days);
  assert.deepEqual(sums.map(({ start, sessions, repetitions, durationMs }) => [start, sessions, repetitions, durationMs]), [
    ["2026-11-08", 2, 3, 2000], ["2026-11-15", 1, 4, 1000],
  ]);
  assert.deepEqual(summed(["2026-11-08"], []), [{ start: "2026-11-08", sessions: 0, repetitions: 0, durationMs: 0, caloriesKcal: 0 }]);
});
