// The history's rules without a page: days and periods, URLs, comparisons, axes (R-UIX-08).
import assert from "node:assert/strict";
import { test } from "node:test";

import { addDays, daysBetween, endOf, isDay, periodsUntil, startOf, todayIn, weekday } from "../i18n/calendar.ts";
import { levelOf, monthsWithin } from "./heatmap.ts";
import { rangeOf, ticks } from "./line-chart.ts";
import { compared, drawn, MEASURES, together } from "./sums.ts";
import { sessionListUrl, formatSearch, viewOf } from "./filters.ts";
import { weight } from "../i18n/units.ts";

const SUM = { start: "2026-11-16", sessions: 2, repetitions: 30, verifiedRepetitions: 20, durationMs: 90_000, caloriesKcal: 12, accuracy: 0.8, measured: 20 };
const NOTHING = { start: "", sessions: 0, repetitions: 0, verifiedRepetitions: 0, durationMs: 0, caloriesKcal: 0, accuracy: null, measured: 0 };

test("C-52: the day depends on the time zone", () => {
  const now = new Date("2026-11-20T23:30:00Z");
  assert.equal(todayIn("UTC", now), "2026-11-20");
  assert.equal(todayIn("Europe/Berlin", now), "2026-11-21");
  assert.equal(todayIn("Pacific/Honolulu", now), "2026-11-20");
});

test("a day ends at midnight in its time zone, also when the clock is changed", () => {
  for (const [day, zone, end] of [
    ["2026-11-20", "UTC", "2026-11-21T00:00:00.000Z"],
    ["2026-10-25", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
    ["2026-03-28", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
    ["2026-11-20", "Asia/Kathmandu", "2026-11-20T18:15:00.000Z"],
    ["2026-12-31", "Pacific/Kiritimati", "2026-12-31T10:00:00.000Z"],
    ["2026-12-31", "Etc/GMT+12", "2027-01-01T12:00:00.000Z"],
  ]) assert.equal(endOf(day, zone).toISOString(), end);
});

test("C-52: weeks begin on Monday, months on their first, years in January", () => {
  assert.equal(startOf("WEEK", "2026-11-22"), "2026-11-16");
  assert.equal(startOf("WEEK", "2026-11-16"), "2026-11-16");
  assert.equal(startOf("WEEK", "2027-01-01"), "2026-12-28");
  assert.equal(startOf("MONTH", "2026-03-31", -1), "2026-02-01");
  assert.equal(startOf("MONTH", "2026-12-31", 1), "2027-01-01");
  assert.equal(startOf("YEAR", "2026-11-20", -2), "2024-01-01");
  assert.equal(weekday("2026-11-22"), 6);
});

test("R-UIX-03: the first day of the week can be chosen", () => {
  const [SUNDAY, MONDAY, SATURDAY] = [0, 1, 6];
  assert.deepEqual([SUNDAY, MONDAY, SATURDAY].map((first) => startOf("WEEK", "2026-11-22", 0, first)), ["2026-11-22", "2026-11-16", "2026-11-21"]);
  assert.deepEqual(periodsUntil("WEEK", "2026-11-21", 2, SUNDAY), [{ start: "2026-11-08", last: "2026-11-14" }, { start: "2026-11-15", last: "2026-11-21" }]);
  assert.deepEqual([0, 1, 6].map((first) => weekday("2026-11-22", first)), [0, 6, 1]); // a Sunday
});

test("consecutive periods have no gap", () => {
  for (const [period, day] of [["DAY", "2028-03-01"], ["WEEK", "2027-01-01"], ["MONTH", "2028-02-29"], ["YEAR", "2026-11-20"]]) {
    const found = periodsUntil(period, day, 14, 1);
    assert.equal(found.length, 14);
    found.slice(1).forEach(({ start }, at) => assert.equal(addDays(found[at].last, 1), start));
    const { start, last } = found[13];
    assert.ok(start <= day && day <= last, `${period}: ${start} to ${last}`);
  }
});

test("days are counted across clock changes, and invalid dates are recognized", () => {
  assert.equal(daysBetween("2026-03-28", "2026-03-30"), 2);
  assert.deepEqual(["2026-02-28", "2026-02-30", "2026-13-01", "today", "", "0000-01-01", "9999-12-31"].map(isDay), [true, false, false, false, false, false, false]);
});

test("a URL contains what differs from the defaults, and invalid values are defaults", () => {
  const search = "?period=MONTH&until=2026-05-31&measure=form&year=2025&exercise=push_up&best=load";
  assert.equal(formatSearch(viewOf(search)), search);
  assert.equal(formatSearch(viewOf("")), "");
  assert.equal(formatSearch(viewOf("?period=DECADE&until=yesterday&measure=mood&year=26&best=luck")), "");
  assert.equal(formatSearch(viewOf("?until=0001-01-01&year=0000")), "");
});

test("R-UIX-08: a number leads to the completed sessions that it counts, by the days of totals", () => {
  assert.equal(sessionListUrl({ since: "2026-11-16", until: "2026-11-22", exercise: "squat" }),
    "/session_list.html?since=2026-11-16&until=2026-11-22&exercise=squat&completed=yes&days=own");
});

test("a figure is compared with the previous period if there is one", () => {
  const before = { ...SUM, repetitions: 24 };
  assert.equal(compared(MEASURES.repetitions, SUM, before, "week"), "▲ 25 % · the week before: 24");
  assert.equal(compared(MEASURES.repetitions, before, SUM, "week"), "▼ 20 % · the week before: 30");
  assert.equal(compared(MEASURES.sessions, SUM, before, "day"), "as the day before: 2");
  assert.equal(compared(MEASURES.repetitions, SUM, NOTHING, "week"), "none the week before");
  assert.equal(compared(MEASURES.form, SUM, NOTHING, "week"), null);
  assert.equal(compared(MEASURES.form, NOTHING, SUM, "week"), "the week before: 80 %");
  assert.equal(compared(MEASURES.energy, NOTHING, NOTHING, "week"), null);
});

test("a running period is compared with the same part of the previous one", () => {
  const before = { ...SUM, repetitions: 24 };
  const soFar = (measure, now, past) => compared(measure, now, past, "month", true);
  assert.equal(soFar(MEASURES.repetitions, before, SUM), "the whole month before: 30");
  assert.equal(soFar(MEASURES.repetitions, NOTHING, SUM), "the whole month before: 30");
  assert.equal(soFar(MEASURES.repetitions, SUM, before), "▲ 25 % · the month before: 24", "already");
  assert.equal(soFar(MEASURES.form, { ...SUM, accuracy: 0.6 }, SUM), "▼ 25 % · the month before: 80 %", "a mean needs no end");
});

test("totals are the sums of all periods, abbreviated above a bar", () => {
  const whole = together([SUM, { ...NOTHING, start: "2026-11-23" }, SUM], { start: "2026-11-16", last: "2026-11-29" });
  assert.deepEqual([whole.sessions, whole.repetitions, whole.verifiedRepetitions, whole.durationMs, whole.caloriesKcal], [4, 60, 40, 180_000, 24]);
  assert.deepEqual([drawn(MEASURES.time, 90_000), drawn(MEASURES.form, 0.804), drawn(MEASURES.repetitions, 12_345)], ["1.5", "80", "12.3K"]);
});

test("R-UIX-03: a week is the sum of its days, and its form is the mean of what was measured", () => {
  const days = [
    { ...SUM, start: "2026-11-14" }, { ...SUM, start: "2026-11-15", accuracy: 0.9, measured: 30 }, { ...NOTHING, start: "2026-11-18", sessions: 1 },
    { ...SUM, start: "2026-11-21", accuracy: 0.5, measured: 10 }, { ...SUM, start: "2026-11-22" },
  ];
  const week = together(days, { start: "2026-11-15", last: "2026-11-21" });
  assert.deepEqual([week.start, week.sessions, week.repetitions, week.accuracy, week.measured], ["2026-11-15", 5, 60, 0.8, 40]);
  assert.deepEqual(together(days, { start: "2026-11-01", last: "2026-11-07" }), { ...NOTHING, start: "2026-11-01" });
});

test("the shade of a day shows its training time, and is never empty after training", () => {
  const day = (durationMs) => ({ ...SUM, durationMs });
  assert.deepEqual([undefined, day(0), day(1), day(50), day(51), day(100)].map((each) => levelOf(each, 100)), [0, 1, 1, 2, 3, 4]);
  assert.equal(levelOf(day(0), 0), 1);
});

test("the map of a year names all its months", () => {
  assert.equal(monthsWithin("2025-01-01", "2025-12-31").length, 12);
  assert.equal(monthsWithin("2025-01-01", "2025-12-31")[0], "2025-01-01");
  assert.equal(monthsWithin("2025-01-02", "2025-03-01").join(), "2025-02-01,2025-03-01");
});

test("an axis has round steps and a margin, and starts at 0 or above", () => {
  assert.deepEqual(ticks(0, 100), [0, 50, 100]);
  assert.deepEqual(ticks(37, 52), [40, 45, 50]);
  assert.deepEqual(rangeOf([6]), [5, 7]);
  assert.deepEqual(ticks(5, 7), [5, 6, 7], "there are no halves of repetitions");
  assert.deepEqual(rangeOf([1, 9]), [0, 11]);
});

test("loads are shown in the units of the profile", () => {
  assert.equal(weight(22.5, "metric"), "22.5 kg");
  assert.equal(weight(45.359237, "imperial"), "100 lb");
});
