// A retry of a request keeps its idempotency key; a changed request has a new one (R-API-04).
import assert from "node:assert/strict";
import test from "node:test";

import { RetryKey } from "./retry-key.ts";

test("the same request keeps its key, and a changed one gets a new one", () => {
  const key = new RetryKey();
  const first = key.headers({ video: false, enrollmentId: "1" });
  assert.deepEqual(key.headers({ video: false, enrollmentId: "1" }), first);
  const changed = key.headers({ video: true, enrollmentId: "1" });
  assert.notDeepEqual(changed, first);
  assert.deepEqual(key.headers({ video: true, enrollmentId: "1" }), changed);
  assert.deepEqual(changed, { "Idempotency-Key": key.of({ video: true, enrollmentId: "1" }) });
});

test("another form has another key for the same request", () => {
  assert.notDeepEqual(new RetryKey().headers({ text: "a" }), new RetryKey().headers({ text: "a" }));
});
