// The lock of a session (R-LIV-10).
import assert from "node:assert/strict";
import { describe, it } from "node:test";

const { ELSEWHERE, lockSession } = await import("./session-lock.ts");

/** Longer than a page that is left needs, and shorter than a request. */
const REQUEST_MS = 3300;

describe("the lock of a session", { concurrency: true }, () => {
  it("a page waits for the request in progress when the background gives a session up", async () => {
    const background = await lockSession("sent", { isBackground: true });
    background.onRequest = () => setTimeout(background.release, REQUEST_MS);
    const page = await lockSession("sent");
    page.release();
  });

  it("a page gives a session up only to one that takes it over", async () => {
    const first = await lockSession("open");
    first.onRequest = () => first.release();
    await assert.rejects(lockSession("open"), { code: ELSEWHERE });
    const second = await lockSession("open", { takeOver: true });
    second.release();
  });
});
