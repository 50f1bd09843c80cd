import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { requests, serve, storage } from "../testing/page.js";

globalThis.localStorage = storage;
const { isMissed, noteDay } = await import("./plan-api.ts");
const { useAccountStore } = await import("../stores/account.ts");

/** The day up to which an athlete who lives in one time zone misses workouts while the device is in another. */
async function dayOf(home, device) {
  process.env.TZ = device;
  useAccountStore.set({ user: { id: "ada", tenantId: "red", timeZone: home, display: {} } });
  serve(() => [200, { position: 1 }]);
  await noteDay("e1");
  return requests[0].body.today;
}

test("C-52: a workout is missed once its day is over both at home and on the device", async () => {
  mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-28T15:20:00Z") }); // on the 29th in Auckland
  assert.equal(await dayOf("Pacific/Auckland", "America/Los_Angeles"), "2026-11-28");
  assert.equal(await dayOf("America/Los_Angeles", "Pacific/Auckland"), "2026-11-28");
  assert.equal(await dayOf("Pacific/Auckland", "Pacific/Auckland"), "2026-11-29");
  assert.deepEqual(["2026-11-28", "2026-11-29"].map(isMissed), [true, false]);
  process.env.TZ = "America/Los_Angeles";
  assert.deepEqual(["2026-11-27", "2026-11-28"].map(isMissed), [true, false]);
  mock.timers.reset();
});
