// Which leaderboard an address means, and how it is asked for (R-UIX-04).

import assert from "node:assert/strict";
import test from "node:test";

import { formatSearch, today, shiftDay, queryVariables, parseFilters } from "../../../web/src/leaderboards/filters.js";

const USUAL = { measure: "repetitions", period: "week", exercise: "", on: "", around: false };

test("an address without words, or with words that mean nothing, is the usual leaderboard", () => {
  assert.deepEqual(parseFilters(""), USUAL);
  assert.deepEqual(parseFilters("?measure=beauty&period=toString&on=2030-02-30&around=you"), USUAL);
  assert.equal(formatSearch(USUAL), "");
});

test("what an address says is written as it is read", () => {
  const wish = { measure: "form", period: "month", exercise: "squat", on: "2030-01-31", around: true };
  assert.deepEqual(parseFilters(formatSearch(wish)), wish);
});

test("C-52: today is as the reader's profile has it, wherever the device is", (told) => {
  told.mock.timers.enable({ apis: ["Date"], now: Date.parse("2030-01-31T23:30:00Z") });
  const stored = { getItem: () => JSON.stringify({ timeZone: zone }) };
  let zone = "Pacific/Auckland";
  Object.defineProperty(globalThis, "localStorage", { value: stored, configurable: true });
  told.after(() => { delete globalThis.localStorage; });
  assert.equal(today(), "2030-02-01");
  zone = "America/Los_Angeles";
  assert.equal(today(), "2030-01-31");
});

test("the page around oneself is asked for without a cursor, and the ones after it with one", () => {
  const wish = { ...USUAL, around: true };
  assert.deepEqual(queryVariables(wish, "2030-01-31", 9, null), { measure: "REPETITIONS", period: "WEEK", exercise: null, on: "2030-01-31", first: 9, after: null, around: true });
  assert.equal(queryVariables({ ...wish, on: "2029-12-24" }, "2030-01-31", 9, "abc").around, false);
});

test("the time before or after is one of the same length, over the ends of months and years", () => {
  const days = (period, on, by) => shiftDay({ ...USUAL, period, on }, "2030-01-31", by);
  assert.equal(days("day", "", 1), "2030-02-01");
  assert.equal(days("day", "2024-03-01", -1), "2024-02-29");
  assert.equal(days("week", "2030-01-02", -1), "2029-12-26");
  assert.equal(days("month", "", 1), "2030-02-01");
  assert.equal(days("month", "2030-01-15", -1), "2029-12-01");
});
