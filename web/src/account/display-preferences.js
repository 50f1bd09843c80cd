/**
 * Display preferences of the account page, the same on all devices.
 * @module
 */

import { byId } from "../ui/dom.js";
import { clearContrastSwitch } from "../i18n/display-settings.js";
import { useAccountStore } from "../stores/account.js";
import { connectVersionedForm } from "./versioned-form.js";
import { t } from "../i18n/l10n.js";

/** Fields of the form. */
const FIELDS = /** @type {const} */ (["firstDay", "dates", "theme", "contrast"]);

/** @param {import("../i18n/display-settings.js").Display} display */
function show(display) {
  for (const name of FIELDS) byId(`display-${name}`).value = display[name];
  const { user } = useAccountStore.get();
  if (user) useAccountStore.set({ user: { ...user, display: display } });
}

/** @returns {import("../i18n/display-settings.js").Display} */
function read() {
  clearContrastSwitch();
  return /** @type {any} */ (Object.fromEntries(FIELDS.map((name) => [name, byId(`display-${name}`).value])));
}

/** Load the display settings and save changes. */
export function showDisplay() {
  return connectVersionedForm({
    form: "display", path: "/v1/me/display", show, read,
    kept: t("display-saved"),
    now: t("display-now"),
  });
}
