// Answers that are kept for a user, in a browser in which another one signs in.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { athlete } from "../api/client.ts";
import { forget, keep, renew } from "../api/credentials.ts";
import { Problem } from "../api/problem.ts";
import { keepAnswer, lastAnswer, loadOrLast } from "./last-answers.ts";

const USER = "kinelog.user";
const signIn = (id) => keep({ accessToken: id, expiresIn: 900, user: { id, tenantId: "red", display: {} } });
const stored = new Map();
const answers = new Map();

globalThis.localStorage = {
  getItem: (key) => stored.get(key) ?? null,
  setItem: (key, value) => { stored.set(key, value); },
  removeItem: (key) => { stored.delete(key); },
};
globalThis.caches = {
  open: async () => ({ put: async (key, response) => { answers.set(key, response); } }),
  match: async (key) => answers.get(key)?.clone(),
  delete: async () => answers.clear(),
};

/** Sign in as in another tab: of this page, nothing changes. */
function signInElsewhere(id) {
  answers.clear();
  stored.set(USER, id);
}

const unreachable = async () => { throw new Problem({ title: "No connection.", status: 0 }); };

beforeEach(() => { forget(); answers.clear(); });

test("an answer is there without a connection until its user signs out", async () => {
  signIn("ada");
  await keepAnswer("workouts", ["squats"]);
  assert.deepEqual(await loadOrLast("workouts", unreachable), ["squats"]);
  forget();
  assert.equal(await lastAnswer("workouts"), undefined);
});

test("without accounts, answers are kept", async () => {
  await keepAnswer("workouts", ["squats"]);
  assert.deepEqual(await lastAnswer("workouts"), ["squats"]);
});

test("a page keeps no answers for a user who signed in in another tab", async () => {
  signIn("ada");
  signInElsewhere("bob");
  await keepAnswer("workouts", ["squats of ada"]);
  assert.deepEqual([...answers], []);
});

test("without a connection, a page shows no answers of a user who signed in in another tab", async () => {
  signIn("bob");
  await keepAnswer("workouts", ["squats of bob"]);
  const ofBob = new Map(answers);
  forget();
  signIn("ada");
  signInElsewhere("bob");
  for (const [key, answer] of ofBob) answers.set(key, answer);
  await assert.rejects(loadOrLast("workouts", unreachable), { status: 0 });
});

test("without a connection, the athlete of a page does not become one who signed in in another tab", async () => {
  globalThis.fetch = async (path) => {
    if (path.startsWith("/v1/auth/refresh")) return Response.json({ code: "auth.sign_in_required" }, { status: 401 });
    throw new TypeError("no connection");
  };
  signIn("ada");
  stored.set("kinelog.signed-in", "yes");
  await renew();
  signInElsewhere("bob");
  assert.equal(await athlete(), "ada");
});
