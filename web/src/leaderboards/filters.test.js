// The leaderboard of a URL, and the requests for it (R-UIX-04).

import assert from "node:assert/strict";
import test from "node:test";

import { formatSearch, today, shiftDay, queryVariables, parseFilters } from "./filters.ts";

const USUAL = { measure: "repetitions", period: "week", exercise: "", on: "", around: false };

test("a URL without valid parameters shows the default leaderboard", () => {
  assert.deepEqual(parseFilters(""), USUAL);
  assert.deepEqual(parseFilters("?measure=beauty&period=toString&on=2030-02-30&around=you"), USUAL);
  assert.equal(formatSearch(USUAL), "");
});

test("filters are written to the URL as they are read", () => {
  const filters = { measure: "form", period: "month", exercise: "squat", on: "2030-01-31", around: true };
  assert.deepEqual(parseFilters(formatSearch(filters)), filters);
});

test("C-52: today follows the profile's time zone, not the device's", (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.parse("2030-01-31T23:30:00Z") });
  const stored = { getItem: () => JSON.stringify({ timeZone: zone }) };
  let zone = "Pacific/Auckland";
  Object.defineProperty(globalThis, "localStorage", { value: stored, configurable: true });
  context.after(() => { delete globalThis.localStorage; });
  assert.equal(today(), "2030-02-01");
  zone = "America/Los_Angeles";
  assert.equal(today(), "2030-01-31");
});

test("the page around one's own rank is requested without a cursor, later pages with one", () => {
  const filters = { ...USUAL, around: true };
  assert.deepEqual(queryVariables(filters, "2030-01-31", 9, null), { measure: "REPETITIONS", period: "WEEK", exercise: null, on: "2030-01-31", first: 9, after: null, around: true });
  assert.equal(queryVariables({ ...filters, on: "2029-12-24" }, "2030-01-31", 9, "abc").around, false);
});

test("the previous and next period have the same length, across months and years", () => {
  const days = (period, on, by) => shiftDay({ ...USUAL, period, on }, "2030-01-31", by);
  assert.equal(days("day", "", 1), "2030-02-01");
  assert.equal(days("day", "2024-03-01", -1), "2024-02-29");
  assert.equal(days("week", "2030-01-02", -1), "2029-12-26");
  assert.equal(days("month", "", 1), "2030-02-01");
  assert.equal(days("month", "2030-01-15", -1), "2029-12-01");
});
