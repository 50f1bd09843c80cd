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
      byId<HTMLSelectElement>("frequency").value = frequency;
      byId<HTMLSelectElement>("verbosity").value = verbosity;
      byId<HTMLInputElement>("praise").checked = praise;
    },
    read: (current) => ({ ...current, frequency: byId("frequency").value, verbosity: byId("verbosity").value, praise: byId<HTMLInputElement>("praise").checked }),
    kept: t("cues-saved"),
    now: t("cues-now"),
  });
}
