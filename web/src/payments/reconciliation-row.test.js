import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { elements, requests, serve, settled } from "../testing/page.js";

const { reconciliationRow } = await import("./reconciliation-row.ts");

const UNDER_WAY = {
  reconciliationId: "r1", state: "running", payments: 0, requestedAt: "2030-05-01T00:00:00Z", finishedAt: null, reason: null,
  periodBegin: "2030-04-01T00:00:00Z", periodEnd: "2030-05-01T00:00:00Z", differencesFound: 0, notComparedFound: 0, differences: [], notCompared: [],
};
const FINISHED = { ...UNDER_WAY, state: "succeeded", finishedAt: "2030-05-01T00:01:00Z", differencesFound: 2 };

test("a comparison is followed beyond a moment without the server, and not after a refusal", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const answers = [[503, { status: 503, code: "away", title: "Come again." }], null, [200, FINISHED]];
  serve(() => answers.shift());
  const row = reconciliationRow(UNDER_WAY);
  let replacement = null;
  Object.assign(row, { isConnected: true, replaceWith(next) { replacement = next; } });
  for (let look = 0; look < 3; look += 1) {
    mock.timers.tick(2000);
    await settled();
  }
  assert.equal(elements.banner.textContent, "");
  assert.match(replacement.textContent, /2 differences/);

  answers.push([403, { status: 403, code: "refused", title: "Not allowed." }]);
  const refused = reconciliationRow(UNDER_WAY);
  refused.isConnected = true;
  for (let look = 0; look < 2; look += 1) {
    mock.timers.tick(2000);
    await settled();
  }
  assert.match(elements.banner.textContent, /Not allowed/);
  assert.equal(requests.length, 4);
  mock.timers.reset();
});
