import assert from "node:assert/strict";
import { test } from "node:test";

import { describeCounts } from "../../../web/src/coach/repetition-review.js";

const LOOKS = [
  { poses: "device", repetitions: 4, faults: [] },
  { poses: "server", repetitions: 3, faults: ["trunk_lean"] },
];

test("nothing is said of a set whose looks agree, or that nobody looked at twice", () => {
  assert.equal(describeCounts({ looks: [], stands: null }), "");
  assert.equal(describeCounts({}), "");
});

test("both figures are said, whose they are, and which one stands", () => {
  const device = describeCounts({ looks: LOOKS, stands: "device" });
  assert.equal(device, "Your device counted 4; the server, from your pictures, counted 3 (Trunk lean). The count of your device applies, because the server received too few pictures.");
  assert.match(describeCounts({ looks: LOOKS, stands: "server" }), /The count of the server applies, because the server received enough pictures/);
});
