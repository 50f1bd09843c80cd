import assert from "node:assert/strict";
import { test } from "node:test";

import { progressWords } from "./achievements.ts";

const form = (figure) => progressWords({ kind: "badge", name: "clean_form", tier: null, measure: "form", least: 0.9, figure });

test("form that is just short of a goal is not shown as the goal", () => {
  assert.equal(form(0.8999), "89 % of 90 % form in a workout");
  assert.equal(form(0.57), "57 % of 90 % form in a workout");
  assert.equal(form(0), "0 % of 90 % form in a workout");
});
