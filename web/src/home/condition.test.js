import assert from "node:assert/strict";
import { test } from "node:test";

import { formChange } from "./condition.ts";

const THURSDAY = "2026-11-26";
const week = (start, accuracy) => ({ start, accuracy });

test("the form of this week is compared with the calendar week before", () => {
  assert.equal(formChange([week("2026-11-16", 0.75), week("2026-11-23", 0.8)], THURSDAY), "mean form, 5 points more than the week before");
  assert.equal(formChange([week("2026-11-23", 0.8)], THURSDAY), "mean form this week");
});

test("after a pause, nothing is said about a week without form", () => {
  assert.equal(formChange([week("2026-10-26", 0.75), week("2026-11-23", 0.8)], THURSDAY), "mean form this week");
  assert.match(formChange([week("2026-10-26", 0.75), week("2026-11-02", 0.8)], THURSDAY), /^mean form in the week of (2 November|November 2)$/);
});
