/** Tests of decimals that people type. R-WKT-01. @module */

import assert from "node:assert/strict";
import test from "node:test";

import { wholeUnits } from "./whole-units.ts";

test("a decimal has a comma or a point", () => {
  for (const text of ["12,5", "12.5", " 12.50 "]) assert.equal(wholeUnits(text, 2), 1250);
  assert.equal(wholeUnits(".5", 2), 50);
  assert.equal(wholeUnits("12,", 2), 1200);
  assert.equal(wholeUnits("7", 0), 7);
});

test("what is no clear number is none", () => {
  for (const text of ["", " ", ",", "1,000", "1.000", "12.5.1", "-1", "1e3", "heavy"]) assert.equal(wholeUnits(text, 2), null);
  assert.equal(wholeUnits("12,5", 0), null);
});
