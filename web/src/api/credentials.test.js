/** Access tokens in requests of the pages. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { authorized, fetchInTurn, forget, keep, renew } from "./credentials.ts";
import { ANOTHER_USER } from "./problem.ts";
import { pageUser, useAccountStore } from "../stores/account.ts";

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

/** Let the refresh cookie be of a user, or of nobody. */
function cookieOf(id) {
  globalThis.fetch = async (path, { headers }) => {
    if (!path.startsWith("/v1/auth/refresh")) sent.push(new Headers(headers));
    else if (id === null) return Response.json({ code: "auth.sign_in_required" }, { status: 401 });
    return Response.json({ accessToken: `token of ${id}`, expiresIn: 900, user: { ...ADA.user, id } });
  };
}

test("a page does not go on as another user who signed in in another tab", async () => {
  keep(ADA);
  cookieOf("bob");
  await assert.rejects(renew(), { code: ANOTHER_USER, status: 401 });
  await authorized("/v1/sessions");
  assert.deepEqual([sent[0].get("Authorization"), useAccountStore.get().user.id], ["Bearer token", "ada"]);
});

test("a page goes on once its user has signed in again", async () => {
  keep(ADA);
  cookieOf("bob");
  await assert.rejects(renew(), { code: ANOTHER_USER });
  cookieOf("ada");
  assert.equal(await renew(), true);
  await authorized("/v1/sessions");
  assert.equal(sent[0].get("Authorization"), "Bearer token of ada");
});

test("a page does not go on as another user who signed in after its user signed out in another tab", async () => {
  keep(ADA);
  cookieOf(null);
  assert.equal(await renew(), false);
  cookieOf("bob");
  await assert.rejects(renew(), { code: ANOTHER_USER });
  await authorized("/v1/sessions");
  assert.deepEqual([sent[0].get("Authorization"), useAccountStore.get().user, pageUser()], [null, null, "ada"]);
  cookieOf("ada");
  assert.equal(await renew(), true);
  assert.equal(useAccountStore.get().user.id, "ada");
});

test("after signing out on a page, another user may sign in there", async () => {
  keep(ADA);
  forget();
  cookieOf("bob");
  assert.equal(await renew(), true);
  assert.deepEqual([useAccountStore.get().user.id, pageUser()], ["bob", "bob"]);
});

test("an answer to the renewal that is not Kinelog's, such as that of a hotel's network, is a problem", async () => {
  keep(ADA);
  globalThis.fetch = async () => new Response("<p>Welcome</p>");
  await assert.rejects(renew(), { code: "unreachable", status: 0 });
  assert.equal(useAccountStore.get().user.id, "ada");
});

const CHANGES = { renewal: renew, "sign-out": () => authorized("/v1/auth/logout", { method: "POST" }) };

for (const [name, change] of Object.entries(CHANGES)) {
  test(`a user who signs in in another tab during a ${name} stays signed in`, async () => {
    keep(ADA);
    const sent = Promise.withResolvers(), answered = Promise.withResolvers();
    let cookie = "ada";
    globalThis.fetch = async (path) => {
      const isSignIn = path.startsWith("/v1/auth/login");
      sent.resolve();
      if (!isSignIn) await answered.promise;
      cookie = isSignIn ? "bob" : "ada or none";
      return Response.json({ accessToken: "token", expiresIn: 900, user: ADA.user });
    };
    const changing = change();
    await sent.promise;
    const signingIn = fetchInTurn("/v1/auth/login?mode=cookie", { method: "POST" });
    await Promise.race([signingIn, new Promise((resolve) => { setTimeout(resolve, 100); })]); // the sign-in waits
    answered.resolve();
    await Promise.all([changing, signingIn]);
    assert.equal(cookie, "bob");
  });
}

const SUSPENDED = "/v1/auth/refresh?mode=cookie";

test("a sign-in that another tab never finishes is waited for at most some seconds", async (context) => {
  const waiting = new AbortController();
  context.mock.method(AbortSignal, "timeout", () => waiting.signal);
  const answered = Promise.withResolvers();
  globalThis.fetch = async (path) => (path === SUSPENDED ? answered.promise : new Response("{}"));
  const suspended = fetchInTurn(SUSPENDED, {});
  const next = fetchInTurn("/v1/auth/login?mode=cookie", {});
  waiting.abort();
  assert.equal((await next).status, 200);
  answered.resolve(new Response("{}"));
  await suspended;
});
