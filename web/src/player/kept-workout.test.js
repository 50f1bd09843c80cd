// Workouts that this browser keeps (R-LIV-10, R-TEN-01).
import assert from "node:assert/strict";
import test from "node:test";

globalThis.document = { addEventListener() {}, hidden: false };

const { find, isPlanned, withTimedHold } = await import("./kept-workout.ts");
const { LiveSession } = await import("../live/live-session.ts");
const { setPageUser } = await import("../stores/account.ts");

const HOUR = 3_600_000;
const unknown = async () => Response.json({ code: "session.unknown" }, { status: 404 });
const unreachable = async () => { throw new TypeError("Failed to fetch"); };

/** Keep a workout of Ada that began a minute ago on this device's clock, and an hour earlier on the server's. */
function keep() {
  const now = Date.now();
  const execution = { id: "s1", athleteId: "ada", startedAt: new Date(now - HOUR).toISOString() };
  LiveSession.stored = async () => ({ sessionId: "s1", athleteId: "ada", startedAt: now - 60_000, progress: { execution, guided: {}, plannedS: null } });
}

test("a workout continues at its time although the clocks of device and server differ", async () => {
  keep();
  globalThis.fetch = unreachable;
  setPageUser("ada");
  const { execution, progress } = await find("s1");
  assert.ok(progress);
  assert.ok(execution.nowMs >= 60_000 && execution.nowMs < HOUR, `${execution.nowMs}`);
});

test("a workout is not shown to another user of the browser", async () => {
  keep();
  setPageUser("bob");
  for (const answer of [unknown, unreachable]) {
    globalThis.fetch = answer;
    await assert.rejects(find("s1"), { status: answer === unknown ? 404 : 0 });
  }
  assert.equal(await isPlanned("s1"), true);
});

test("R-WKT-12: what was timed by hand of the open hold stays, unless another set is open", () => {
  const state = { at: 1, sets: 2, isOpen: true, phase: "instructions", amount: 0 };
  const kept = { ...state, isOpen: false, phase: "performing", amount: 8, timedMs: 8200 };
  assert.deepEqual(withTimedHold(state, kept), { ...state, amount: 8, timedMs: 8200 });
  for (const other of [null, { ...kept, sets: 1 }, { ...kept, at: 0 }, { ...kept, phase: "rest" }, { ...kept, timedMs: 0 }]) assert.equal(withTimedHold(state, other), state);
  assert.equal(withTimedHold({ ...state, isOpen: false }, kept).amount, 0);
});
