/** Texts of refused and failed requests. */
import assert from "node:assert/strict";
import test from "node:test";

import { problemFrom } from "../api/problem.ts";
import "./l10n.ts";

const PROXY = "<h1>Service Unavailable</h1>";
const words = (status, body) => { const { title, detail } = problemFrom(status, body, null); return [title, detail]; };
const refusal = (code, detail) => JSON.stringify({ title: "A title.", detail, code });

test("R-UIX-06: an answer that is not Kinelog's says what happened, and no status", () => {
  assert.deepEqual(words(502, PROXY), ["Kinelog is not available right now.", null]);
  assert.deepEqual(words(413, PROXY), ["This is too large to be sent.", null]);
  assert.deepEqual(words(429, ""), ["Too many requests in a short time.", null]);
  assert.deepEqual(words(418, PROXY), ["Kinelog could not do this.", null]);
  for (const json of ["null", "[]", '{"code": 502, "message": "No upstream."}']) assert.deepEqual(words(502, json), ["Kinelog is not available right now.", null]);
});

test("R-UIX-06: a refusal of Kinelog keeps its own words in English", () => {
  assert.deepEqual(words(409, refusal("plan.workout_of_another", "This workout is not yours.")), ["A title.", "This workout is not yours."]);
  assert.deepEqual(words(503, refusal("http.503", "Retry later.")), ["A title.", "Retry later."]);
});

test("R-UIX-06: a refused access token says what its user can do", () => {
  assert.deepEqual(words(401, refusal("auth.token_refused", "The access token is invalid or has expired.")), ["Your sign-in has ended. Sign in again.", null]);
  assert.deepEqual(words(401, refusal("auth.sign_in_required", "Send the access token.")), ["Sign in to continue.", null]);
});
