// Responses that arrive in another order than their requests were sent.
import assert from "node:assert/strict";
import test from "node:test";

import { latest } from "./latest.ts";

/** A function under test with its requests, which the test answers in any order. */
function listed() {
  const requests = [];
  const shown = [];
  const list = latest((name) => new Promise((resolve, reject) => { requests.push({ name, resolve, reject }); }), (items) => shown.push(items));
  return { requests, shown, list };
}

test("a response to an earlier request that arrives last is not shown", async () => {
  const { requests, shown, list } = listed();
  const both = [list("before"), list("after")];
  assert.deepEqual(requests.map(({ name }) => name), ["before", "after"]);
  requests[1].resolve("without the factor");
  requests[0].resolve("with the factor");
  await Promise.all(both);
  assert.deepEqual(shown, ["without the factor"]);
});

test("each response is shown if no other request was sent meanwhile", async () => {
  const { requests, shown, list } = listed();
  for (const [index, items] of ["first", "second"].entries()) {
    const done = list();
    requests[index].resolve(items);
    await done;
  }
  assert.deepEqual(shown, ["first", "second"]);
});

test("a failed request rejects, and shows nothing", async () => {
  const { requests, shown, list } = listed();
  const done = list();
  requests[0].reject(new Error("offline"));
  await assert.rejects(done, /offline/);
  assert.deepEqual(shown, []);
});
