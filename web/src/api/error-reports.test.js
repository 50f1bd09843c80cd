/** Places of errors in reports: R-LIV-12. */

import assert from "node:assert/strict";
import test from "node:test";

const SCRIPT = "/static/assets/shared-Ca61aXU-.js";
const URL_OF = `https://kinelog.example${SCRIPT}`;

/** @type {Record<string, (event: any) => void>} */
const listeners = {};
/** @type {any[]} */
const reports = [];
Object.assign(globalThis, {
  addEventListener: (/** @type {string} */ kind, /** @type {(event: any) => void} */ listener) => { listeners[kind] = listener; },
  fetch: async (/** @type {string} */ _url, /** @type {{body: string}} */ { body }) => reports.push(JSON.parse(body)),
});
await import("./error-reports.ts");

/** @param {any} report */
const placeOf = ({ script, line, column }) => ({ script, line, column });

test("an error of a script is reported with its line and column", () => {
  listeners.error({ error: new TypeError("x"), filename: URL_OF, lineno: 2, colno: 345 });
  assert.deepEqual(placeOf(reports.at(-1)), { script: SCRIPT, line: 2, column: 345 });
});

test("a rejected promise is reported with the first place of its stack, in the forms of all browsers", () => {
  for (const [column, stack] of [[11, `Error: x\n    at act (${URL_OF}:1:11)\n    at ${URL_OF}:9:9`], [12, `act@${URL_OF}:1:12\n@${URL_OF}:9:9`]]) {
    listeners.unhandledrejection({ reason: Object.assign(new Error("x"), { stack }) });
    assert.deepEqual(placeOf(reports.at(-1)), { script: SCRIPT, line: 1, column });
  }
});

test("a script of another site, and a reason without a stack, have no place", () => {
  listeners.unhandledrejection({ reason: Object.assign(new RangeError("x"), { stack: "RangeError\n    at https://other.example/a.js:1:2" }) });
  listeners.unhandledrejection({ reason: "text" });
  for (const report of reports.slice(-2)) assert.deepEqual(Object.keys(report), ["kind", "name", "page"]);
});
