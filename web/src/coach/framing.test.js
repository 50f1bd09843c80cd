// How long nobody was in the picture of a camera.
import assert from "node:assert/strict";
import test from "node:test";

import { Attendance } from "./framing.ts";

/** Whether the camera is unattended after frames that are `everyMs` apart. */
function after(attendance, { fromMs, toMs, everyMs = 1000, somebody = false }) {
  let isUnattended = false;
  for (let at = fromMs; at <= toMs; at += everyMs) isUnattended = attendance.isUnattended(at, somebody);
  return isUnattended;
}

test("a camera is unattended after ten minutes with nobody in the picture", () => {
  const attendance = new Attendance();
  assert.equal(after(attendance, { fromMs: 5000, toMs: 605_000 }), false);
  assert.equal(attendance.isUnattended(605_100, false), true);
});

test("somebody in the picture starts the ten minutes again", () => {
  const attendance = new Attendance();
  after(attendance, { fromMs: 0, toMs: 500_000 });
  after(attendance, { fromMs: 501_000, toMs: 502_000, somebody: true });
  assert.equal(after(attendance, { fromMs: 503_000, toMs: 1_102_000 }), false);
});

test("hours in which the page was hidden do not count", () => {
  const attendance = new Attendance();
  attendance.isUnattended(0, false);
  assert.equal(attendance.isUnattended(7_200_000, false), false);
});
