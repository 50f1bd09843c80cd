/** Answers that break off, or that are not Kinelog's. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, received, request } from "./client.ts";

/** A server whose connection is lost in the middle of its answer. */
const breaksOff = (status) => async () => new Response(new ReadableStream({
  start(controller) {
    controller.enqueue(new TextEncoder().encode('{"items": ['));
    controller.error(new TypeError("Failed to fetch"));
  },
}), { status });

const isUnreachable = { name: "Error", code: "unreachable", status: 0 };

test("R-UIX-06: an answer that breaks off is a problem, also one of an error", async () => {
  await assert.rejects(request("/v1/exercises", {}, breaksOff(200)), isUnreachable);
  await assert.rejects(request("/v1/exercises", {}, breaksOff(500)), isUnreachable);
});

test("R-UIX-06: an answer that is no JSON, such as that of a hotel's network, is a problem", async () => {
  await assert.rejects(request("/v1/exercises", {}, async () => new Response("<p>Welcome</p>")), isUnreachable);
});

test("R-UIX-06: a file that breaks off is a problem", async () => {
  const response = await answer("/v1/me/exports/1/archive", {}, breaksOff(200));
  await assert.rejects(received(response.blob()), isUnreachable);
});

test("a request that the page aborts is no problem of the connection", async () => {
  const abort = async () => { throw new DOMException("Aborted", "AbortError"); };
  await assert.rejects(request("/v1/exercises", {}, abort), { name: "AbortError" });
});
