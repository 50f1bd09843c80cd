/**
 * Coaching preferences of the account page.
 * @module
 */

import { byId } from "../ui/dom.ts";
import { connectVersionedForm } from "./versioned-form.ts";
import { t } from "../i18n/l10n.ts";
import type { Schemas } from "../api/client.ts";

/** Load the preferences and save changes. */
export function showCues() {
  return connectVersionedForm({
    form: "cues",
    path: "/v1/me/cue-preferences",
    show({ frequency, verbosity, praise }: Schemas["CuePreferencesBody"]) {
      byId("frequency").value = frequency;
      byId("verbosity").value = verbosity;
      byId("praise").checked = praise;
    },
    read: (current) => ({ ...current, frequency: byId("frequency").value, verbosity: byId("verbosity").value, praise: byId("praise").checked }),
    kept: t("cues-saved"),
    now: t("cues-now"),
  });
}
