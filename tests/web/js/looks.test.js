import assert from "node:assert/strict";
import { test } from "node:test";

import { looksWords } from "../../../web/src/coach/repetition-review.js";

const LOOKS = [
  { poses: "device", repetitions: 4, faults: [] },
  { poses: "server", repetitions: 3, faults: ["trunk_lean"] },
];

test("nothing is said of a set whose looks agree, or that nobody looked at twice", () => {
  assert.equal(looksWords({ looks: [], stands: null }), "");
  assert.equal(looksWords({}), "");
});

test("both figures are said, whose they are, and which one stands", () => {
  const device = looksWords({ looks: LOOKS, stands: "device" });
  assert.equal(device, "Your device saw 4; the server, in your pictures, saw 3 (Trunk lean). The count of your device stands: the server saw too few pictures to count by.");
  assert.match(looksWords({ looks: LOOKS, stands: "server" }), /The count of the server stands: the server saw enough pictures/);
});
