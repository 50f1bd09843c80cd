/**
 * Coaching preferences of the account page.
 * @module
 */

import { byId } from "../ui/dom.ts";
import { connectVersionedForm } from "./versioned-form.ts";
import { t } from "../i18n/l10n.ts";
import type { Schemas } from "../api/client.ts";

type Preferences = Schemas["CuePreferencesBody"];

/** Load the preferences and save changes. */
export function showCues() {
  return connectVersionedForm({
    form: "cues",
    path: "/v1/me/cue-preferences",
    show({ frequency, verbosity, praise }: Preferences) {
      byId<"select">("frequency").value = frequency;
      byId<"select">("verbosity").value = verbosity;
      byId<"input">("praise").checked = praise;
    },
    read: (current) => ({ ...current, frequency: byId<"select">("frequency").value as Preferences["frequency"], verbosity: byId<"select">("verbosity").value as Preferences["verbosity"], praise: byId<"input">("praise").checked }),
    kept: t("cues-saved"),
    now: t("cues-now"),
  });
}
