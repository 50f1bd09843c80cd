// A session in a browser in which its athlete signs out, and somebody else signs in.
import assert from "node:assert/strict";
import { test } from "node:test";

import { athlete } from "../api/client.ts";
import { forget, keep, renew } from "../api/credentials.ts";
import { ANOTHER_USER } from "../api/problem.ts";
import { pageUser } from "../stores/account.ts";
import { LiveSession } from "./live-session.ts";

const tokens = (id) => ({ accessToken: id, expiresIn: 900, user: { id, tenantId: "red", display: {} } });

test("an unsent session waits for its athlete, who signed out in another tab before somebody else signed in", async () => {
  let cookie = "ada";
  let valid = ["ada"];
  const refusal = (status, code) => Response.json({ code }, { status });
  const accepted = [];
  globalThis.fetch = async (path, { headers }) => {
    if (path.startsWith("/v1/auth/refresh")) {
      if (!cookie) return refusal(401, "auth.sign_in_required");
      valid = [cookie];
      return Response.json(tokens(cookie));
    }
    const token = new Headers(headers).get("Authorization")?.replace("Bearer ", "");
    if (!valid.includes(token)) return refusal(401, "auth.sign_in_ended");
    if (token !== "ada") return refusal(404, "session.unknown");
    accepted.push(path.split(/[/:]/).at(-1));
    return Response.json({});
  };
  keep(tokens("ada"));
  const session = await LiveSession.begin({ athleteId: "ada", exercise: "squat", refresh: renew });
  const problem = () => new Promise((resolve) => { session.addEventListener("problem", ({ detail }) => resolve(detail.code), { once: true }); });

  [cookie, valid] = [null, []];
  const signedOut = problem();
  session.complete().catch(() => {});
  assert.equal(await signedOut, "auth.sign_in_ended");

  cookie = "bob";
  const replaced = problem();
  session.complete().catch(() => {});
  assert.equal(await replaced, ANOTHER_USER);

  cookie = "ada";
  await session.complete();
  assert.deepEqual(accepted, ["sessions", "complete"]);
});

test("a page that was opened without a connection is of the user whom the browser knows, and of nobody else", async () => {
  const stored = new Map();
  globalThis.localStorage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value), removeItem: (key) => stored.delete(key) };
  forget();
  stored.set("kinelog.signed-in", "yes").set("kinelog.user", "ada");
  globalThis.fetch = async () => { throw new TypeError("offline"); };
  assert.deepEqual([await athlete(), pageUser()], ["ada", "ada"]);

  globalThis.fetch = async () => Response.json(tokens("bob"));
  await assert.rejects(renew(), { code: ANOTHER_USER });
  globalThis.fetch = async () => Response.json(tokens("ada"));
  assert.equal(await renew(), true);
});
