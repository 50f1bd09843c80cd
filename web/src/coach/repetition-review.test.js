import assert from "node:assert/strict";
import { test } from "node:test";

import { describeCounts } from "./repetition-review.ts";

const COUNTS = [
  { poses: "device", repetitions: 4, faults: [] },
  { poses: "server", repetitions: 3, faults: ["trunk_lean"] },
];

test("equal counts are not mentioned", () => {
  assert.equal(describeCounts({ sourceCounts: [], acceptedSource: null }), "");
  assert.equal(describeCounts({}), "");
});

test("different counts are shown with their sources and the accepted one", () => {
  const device = describeCounts({ sourceCounts: COUNTS, acceptedSource: "device" });
  assert.equal(device, "Your device counted 4; the server, from your pictures, counted 3 (Trunk lean). The count of your device applies, because the server received too few pictures.");
  assert.match(describeCounts({ sourceCounts: COUNTS, acceptedSource: "server" }), /The count of the server applies, because the server received enough pictures/);
});
