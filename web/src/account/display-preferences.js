/**
 * Display preferences of the account page, the same on all devices.
 * @module
 */

import { byId } from "../ui/dom.js";
import { forgetSwitch } from "../i18n/display-settings.js";
import { useAccountStore } from "../stores/account.js";
import { showKept } from "./versioned-form.js";

/** Fields of the form. */
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

/** Load the display settings and save changes. */
export function showDisplay() {
  return showKept({
    form: "display", path: "/v1/me/display", show, read,
    kept: "Saved. This applies on all your devices.",
    now: "These are your current display settings.",
  });
}
