// Adding a passkey: what the next attempt sends after an error (R-API-04, R-IDN-18).
import assert from "node:assert/strict";
import test from "node:test";

import { addPasskey } from "./passkeys.ts";

/** Responses to the requests that add a passkey; then they succeed. @type {{status: number, code: string}[]} */
const failures = [];
const keys = [];
let created = 0;

const json = (status, body) => new Response(JSON.stringify(body), { status });

globalThis.location = new URL("https://kinelog.example/second_factor.html");
globalThis.PublicKeyCredential = { parseCreationOptionsFromJSON: (options) => options };
Object.defineProperty(globalThis, "navigator", {
  value: { credentials: { create: async () => ({ toJSON: () => ({ id: String(++created) }) }) } },
});
globalThis.fetch = async (path, { headers, body }) => {
  if (path.endsWith("/options")) return json(200, { publicKey: {} });
  keys.push(`${new Headers(headers).get("Idempotency-Key")} ${JSON.parse(body).credential.id}`);
  const failure = failures.shift();
  return failure ? json(failure.status, { title: "Failed.", code: failure.code }) : json(200, { recoveryCodes: ["code"] });
};

async function isRepeated(status, code) {
  keys.length = 0;
  failures.push({ status, code });
  await assert.rejects(addPasskey("Laptop"), { status });
  assert.deepEqual(await addPasskey("Laptop"), { recoveryCodes: ["code"] });
  assert.equal(keys.length, 2);
  return keys[0] === keys[1];
}

for (const [status, code] of [
  [401, "http.401"],
  [409, "idempotency.in_progress"],
  [429, "rate_limit.exceeded"],
  [503, "storage.unavailable"],
]) {
  test(`after ${code} the same request is repeated, so that its recovery codes are not lost`, async () => {
    assert.equal(await isRepeated(status, code), true);
  });
}

for (const [status, code] of [
  [403, "auth.passkey_challenge_refused"],
  [409, "user.passkeys_full"],
  [422, "idempotency.payload_differs"],
]) {
  test(`after ${code} another passkey is made`, async () => {
    assert.equal(await isRepeated(status, code), false);
  });
}
