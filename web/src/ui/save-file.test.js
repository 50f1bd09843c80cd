// Files that a script lets the browser save. R-UIX-06.
import assert from "node:assert/strict";
import test, { mock } from "node:test";

import { saveFile } from "./save-file.ts";

test("the address of a file is withdrawn when even a slow browser has begun to save it", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const links = [], withdrawn = [];
  globalThis.document = { createElement: () => ({ click() { links.push({ ...this }); } }) };
  mock.method(URL, "createObjectURL", () => "blob:1");
  mock.method(URL, "revokeObjectURL", (address) => withdrawn.push(address));
  saveFile(new Blob(["1"]), "squats.csv");
  assert.deepEqual(links.map(({ href, download }) => [href, download]), [["blob:1", "squats.csv"]]);
  mock.timers.tick(30_000);
  assert.deepEqual(withdrawn, []);
  mock.timers.tick(30_000);
  assert.deepEqual(withdrawn, ["blob:1"]);
});
