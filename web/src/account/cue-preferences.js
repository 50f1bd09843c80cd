/**
 * Coaching preferences of the account page.
 * @module
 */

import { byId } from "../ui/dom.js";
import { connectVersionedForm } from "./versioned-form.js";
import { t } from "../i18n/l10n.js";

/** Load the preferences and save changes. */
export function showCues() {
  return connectVersionedForm({
    form: "cues",
    path: "/v1/me/cue-preferences",
    /** @param {import("../api/client.js").Schemas["CuePreferencesBody"]} preferences */
    show({ frequency, verbosity, praise }) {
      byId("frequency").value = frequency;
      byId("verbosity").value = verbosity;
      byId("praise").checked = praise;
    },
    read: (current) => ({ ...current, frequency: byId("frequency").value, verbosity: byId("verbosity").value, praise: byId("praise").checked }),
    kept: t("cues-saved"),
    now: t("cues-now"),
  });
}
