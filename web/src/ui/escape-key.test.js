/** Tests of the Escape key in forms. R-UIX-07. @module */

import assert from "node:assert/strict";
import test from "node:test";

import { onEscape } from "./escape-key.ts";

function pressed(properties) {
  const form = new EventTarget();
  let count = 0;
  onEscape(form, () => { count += 1; });
  form.dispatchEvent(Object.assign(new Event("keydown"), { isComposing: false, ...properties }));
  return count === 1;
}

test("Escape calls back", () => assert.equal(pressed({ key: "Escape", keyCode: 27 }), true));

test("other keys do not", () => assert.equal(pressed({ key: "Enter", keyCode: 13 }), false));

test("Escape that cancels a composition does not", () => assert.equal(pressed({ key: "Escape", keyCode: 27, isComposing: true }), false));

test("neither does it in Safari, which ends the composition before the key", () => assert.equal(pressed({ key: "Escape", keyCode: 229 }), false));
