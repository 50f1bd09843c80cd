/**
 * How pages are shown: chosen once, the same on all devices.
 * @module
 */

import { byId } from "../ui/dom.js";
import { forgetSwitch } from "../i18n/display-settings.js";
import { useAccountStore } from "../stores/account.js";
import { showKept } from "./versioned-form.js";

/** The fields of the form. */
const FIELDS = /** @type {const} */ (["firstDay", "dates", "theme", "contrast"]);

/** @param {import("../i18n/display-settings.js").Display} known */
function show(known) {
  for (const name of FIELDS) byId(`display-${name}`).value = known[name];
  const { user } = useAccountStore.get();
  if (user) useAccountStore.set({ user: { ...user, display: known } });
}

/** @returns {import("../i18n/display-settings.js").Display} */
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
