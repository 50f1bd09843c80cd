// Names of files that are shortened for the server. R-UIX-06.
import assert from "node:assert/strict";
import test from "node:test";

import { shortName } from "./file-name.ts";

test("a short name is not changed", () => {
  assert.equal(shortName("squat.mp4", 9), "squat.mp4");
});

test("a long name keeps its extension", () => {
  assert.equal(shortName("squats in the garden.mp4", 12), "squats i.mp4");
  assert.equal(shortName("squats in the garden", 6), "squats");
  assert.equal(shortName("a.day with squats in the garden", 8), "a.day wi");
});

test("no character is split", () => {
  assert.equal(shortName("🏋🏋🏋🏋🏋🏋.mp4", 7), "🏋🏋🏋.mp4");
});
