import assert from "node:assert/strict";
import { test } from "node:test";

import { shares } from "./pose-painter.ts";

test("a color is read in full, and as the build shortens it", () => {
  assert.deepEqual(shares("#ff0033"), [1, 0, 0.2]);
  assert.deepEqual(shares("#f03"), [1, 0, 0.2]);
});
