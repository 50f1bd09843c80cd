import assert from "node:assert/strict";
import { test } from "node:test";

import { elements, requests, serve, settled } from "../testing/page.js";

const { showSignIns } = await import("./sign-ins.ts");
const { showSecondFactors } = await import("./second-factors.ts");

/** Press a button twice; return the methods of the requests that change something, and the words of the banner. */
async function pressTwice(button) {
  requests.length = 0;
  button.fire("click");
  button.fire("click");
  await settled();
  return [requests.map(({ method }) => method).filter((method) => method !== "GET"), elements.banner.textContent];
}

/** Let the server delete once, and answer lists with these items. */
function deleteOnce(items) {
  let deleted = 0;
  serve(({ method }) => {
    if (method !== "DELETE") return [200, { items, recoveryCodes: 0 }];
    deleted += 1;
    return deleted === 1 ? [200, {}] : [404, { status: 404, code: "unknown", title: "You have none such." }];
  });
}

test("a double click on \"Sign out\" of another device signs it out once", async () => {
  deleteOnce([{ id: "s1", beganAt: "2030-01-01T00:00:00Z", lastSeenAt: "2030-01-02T00:00:00Z", current: false }]);
  await showSignIns();
  assert.deepEqual(await pressTwice(elements["sign-ins"].all("button")[0]), [["DELETE"], ""]);
});

test("a double click removes a second factor once", async () => {
  deleteOnce([{ id: "f1", kind: "totp", name: null, addedAt: "2030-01-01T00:00:00Z" }]);
  await showSecondFactors();
  assert.deepEqual(await pressTwice(elements.factors.all("button")[0]), [["DELETE"], ""]);
});
