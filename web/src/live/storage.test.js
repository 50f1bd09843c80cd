// Problems of the browser's storage say what follows, which differs between sessions and recordings.
import assert from "node:assert/strict";
import test from "node:test";

import { QueueFull } from "./queue.ts";
import { storageProblem } from "./storage.ts";

for (const [of, advice] of [["live", "What is stored will be sent."], ["recording", "Leave this page open until it is saved."]]) {
  test(`a full storage says what follows for a ${of}`, () => {
    const [full, failed] = [new QueueFull(), new Error("failed")].map((error) => storageProblem(error, of));
    assert.deepEqual([full.code, failed.code], [`${of}.buffer_full`, `${of}.storage_failed`]);
    assert.ok(full.detail.includes(advice) && failed.detail.includes(advice));
  });
}
