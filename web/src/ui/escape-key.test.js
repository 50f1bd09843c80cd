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

test("Escape calls the function", () => assert.equal(pressed({ key: "Escape", keyCode: 27 }), true));

test("other keys do not call it", () => assert.equal(pressed({ key: "Enter", keyCode: 13 }), false));

test("Escape that cancels a composition does not call it", () => assert.equal(pressed({ key: "Escape", keyCode: 27, isComposing: true }), false));

test("Escape in Safari, which ends the composition before the key, does not call it", () => assert.equal(pressed({ key: "Escape", keyCode: 229 }), false));
