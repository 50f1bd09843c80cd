/**
 * Display preferences of the account page, the same on all devices.
 * @module
 */

import { byId } from "../ui/dom.ts";
import { clearContrastSwitch, type Display } from "../i18n/display-settings.ts";
import { useAccountStore } from "../stores/account.ts";
import { connectVersionedForm } from "./versioned-form.ts";
import { t } from "../i18n/l10n.ts";

/** Fields of the form. */
const FIELDS = ["firstDay", "dates", "theme", "contrast"] as const;

function show(display: Display) {
  for (const name of FIELDS) byId<"select">(`display-${name}`).value = display[name];
  const { user } = useAccountStore.get();
  if (user) useAccountStore.set({ user: { ...user, display: display } });
}

function read(): Display {
  clearContrastSwitch();
  return Object.fromEntries(FIELDS.map((name) => [name, byId<"select">(`display-${name}`).value])) as unknown as Display;
}

/** Load the display settings and save changes. */
export function showDisplay() {
  return connectVersionedForm({
    form: "display", path: "/v1/me/display", show, read,
    kept: t("display-saved"),
    now: t("display-now"),
  });
}
