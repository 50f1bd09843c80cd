/**
 * How pages are shown: chosen once, the same on all devices.
 * @module
 */

import { byId } from "../dom.js";
import { forgetSwitch } from "../display.js";
import { useAccountStore } from "../stores/account.js";
import { showKept } from "./kept.js";

/** The fields of the form. */
const FIELDS = /** @type {const} */ (["firstDay", "dates", "theme", "contrast"]);

/** @param {import("../display.js").Display} known */
function show(known) {
  for (const name of FIELDS) byId(`display-${name}`).value = known[name];
  const { user } = useAccountStore.get();
  if (user) useAccountStore.set({ user: { ...user, display: known } });
}

/** @returns {import("../display.js").Display} */
function read() {
  forgetSwitch();
  return /** @type {any} */ (Object.fromEntries(FIELDS.map((name) => [name, byId(`display-${name}`).value])));
}

/** Show how pages are shown, and keep what is changed. */
export function showDisplay() {
  return showKept({
    form: "display", path: "/v1/me/display", show, read,
    kept: "Pages are shown so now, on all your devices.",
    now: "This is how pages are shown now.",
  });
}
