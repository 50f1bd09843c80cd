import assert from "node:assert/strict";
import { test } from "node:test";

import { streakText } from "./figures.ts";

test("a streak that is as long as what is looked at may be longer", () => {
  assert.match(streakText(1), /^\D?1\D? day in a row\.$/);
  assert.match(streakText(90), /^\D?90\D? days in a row\.$/);
  assert.match(streakText(91), /^\D?91\D? or more days in a row\.$/);
});
