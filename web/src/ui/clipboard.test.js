import assert from "node:assert/strict";
import { test } from "node:test";
import { isCopied } from "./clipboard.ts";

test("a browser that does not answer has not copied", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const answer = Promise.withResolvers();
  Object.defineProperty(globalThis, "navigator", { value: { clipboard: { writeText: () => answer.promise } }, configurable: true });
  const waiting = isCopied("https://kinelog.example/link");
  context.mock.timers.tick(3000);
  assert.equal(await waiting, false);
  answer.resolve();
  assert.equal(await isCopied("https://kinelog.example/link"), true);
});
