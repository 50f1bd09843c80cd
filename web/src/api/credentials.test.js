/** Access tokens in requests of the pages. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { authorized, forget, keep } from "./credentials.ts";

const ADA = { accessToken: "token", expiresIn: 900, user: { id: "ada", tenantId: "red", display: {} } };
/** @type {Headers[]} */
const sent = [];

globalThis.localStorage = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
globalThis.fetch = async (_path, { headers }) => {
  sent.push(new Headers(headers));
  return new Response("{}");
};

afterEach(() => { sent.length = 0; });

test("R-TEN-01: requests of a user who has signed in name their tenant", async () => {
  keep(ADA);
  await authorized("/v1/sessions", { headers: { Accept: "application/json" } });
  const [headers] = sent;
  assert.deepEqual(["Authorization", "X-Tenant-ID", "Accept"].map((name) => headers.get(name)), ["Bearer token", "red", "application/json"]);
});

test("R-TEN-01: without a user, requests have neither token nor tenant", async () => {
  keep(ADA);
  forget();
  await authorized("/v1/exercises");
  assert.deepEqual(["Authorization", "X-Tenant-ID"].map((name) => sent[0].get(name)), [null, null]);
});
