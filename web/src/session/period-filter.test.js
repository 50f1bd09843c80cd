// Periods of the filter of sessions (R-UIX-08).
import assert from "node:assert/strict";
import test from "node:test";

import { daysOf, isPeriod, periodOf } from "./period-filter.ts";

const [SUNDAY, MONDAY, SATURDAY] = [0, 1, 6];
const NEW_YEAR = "2027-01-01"; // a Friday

for (const [name, first, since, until] of [
  ["this-week", MONDAY, "2026-12-28", "2027-01-03"],
  ["last-week", MONDAY, "2026-12-21", "2026-12-27"],
  ["this-week", SUNDAY, "2026-12-27", "2027-01-02"],
  ["last-week", SATURDAY, "2026-12-19", "2026-12-25"],
  ["this-month", MONDAY, "2027-01-01", "2027-01-31"],
  ["last-month", MONDAY, "2026-12-01", "2026-12-31"],
]) {
  test(`${name} has the days from ${since} to ${until}`, () => {
    const days = daysOf(name, NEW_YEAR, first);
    assert.deepEqual(days, { since, until });
    assert.equal(periodOf(days, NEW_YEAR, first), name);
  });
}

test("the first day of a week is in it, and the day before is not", () => {
  assert.equal(daysOf("this-week", "2026-12-28", MONDAY).since, "2026-12-28");
  assert.equal(daysOf("this-week", "2026-12-27", MONDAY).until, "2026-12-27");
});

test("other days are no period", () => {
  assert.equal(periodOf({ since: "2026-12-28", until: "" }, NEW_YEAR, MONDAY), "days");
  assert.equal(periodOf({ since: "2026-12-28", until: "2027-01-03" }, NEW_YEAR, SUNDAY), "days");
  assert.equal(periodOf({ since: "", until: "" }, NEW_YEAR, MONDAY), "");
});

test("only the names of periods are periods", () => {
  assert.equal(isPeriod("last-week"), true);
  assert.deepEqual(["", "days", "constructor"].map(isPeriod), [false, false, false]);
});
