// Formats of times and sizes in the languages of the pages.
import assert from "node:assert/strict";
import test from "node:test";

const root = { lang: "ru", dataset: {} };
globalThis.document = { documentElement: root, addEventListener() {}, getElementById: () => null, hidden: false };

const { calendarDay, clock, length, moment, size } = await import("./format.ts");

test("a time without fractions reads the same in all languages", () => {
  assert.equal(clock(67), "1:07");
  assert.equal(clock(59.99), "0:59");
  assert.equal(clock(3600), "60:00");
  assert.equal(clock(-1), "0:00");
});

test("fractions of a second follow the decimal sign of the language, and are never rounded up", () => {
  assert.equal(clock(67.38, 1), "1:07,3");
  assert.equal(clock(119.999, 2), "1:59,99");
  assert.equal(clock(7, 2), "0:07,00");
});

test("a length has as many whole seconds as the clock", () => {
  assert.match(length(8600), /^8\D*$/);
  assert.equal(clock(8.6), "0:08");
  assert.match(length(59_999), /^59\D*$/);
  assert.match(length(60_000 * (7 / 60)), /^7\D*$/);
});

test("nothing is 0 kB, and the smallest file is 1 kB", () => {
  assert.match(size(0), /^0/);
  assert.match(size(1), /^1/);
  assert.match(size(1400), /^1/);
});

test("R-UIX-03: a Russian day has no abbreviation for a year, and August keeps its last letter", () => {
  assert.equal(calendarDay("2026-08-01", { day: "numeric", month: "long", year: "numeric" }), "1 августа 2026");
  assert.equal(calendarDay("2026-08-01", { month: "short" }), "авг.");
});

/** The text of a moment in Los Angeles. */
function inLosAngeles(iso) {
  globalThis.localStorage = { getItem: () => JSON.stringify({ timeZone: "America/Los_Angeles" }) };
  document.createElement = () => ({ setAttribute() {}, append(text) { this.textContent = text; } });
  return moment(iso).textContent;
}

test("R-UIX-03: a moment has its year unless that is this year in the time zone of the account", (context) => {
  const lastEvening = "2026-01-01T02:00:00Z";
  context.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-06-15T12:00:00Z") });
  assert.match(inLosAngeles(lastEvening), /2025/);
  context.mock.timers.setTime(Date.parse("2026-01-01T05:00:00Z"));
  assert.doesNotMatch(inLosAngeles(lastEvening), /2025/);
});
