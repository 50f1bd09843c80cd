/**
 * States of pose coach sessions in its two stores.
 * @module
 */

import { h } from "./dom.ts";
import { t } from "../i18n/l10n.ts";
import type { CoachSession } from "../coach/stop-workout.ts";

/** A list of both stores with the state of a session in each. */
export function storeStates({ sinks }: CoachSession) {
  return h("dl", { class: "store-states" }, (["document", "analytics"] as const).map((store) =>
    h("div", { "data-state": sinks[store].toLowerCase() }, h("dt", null, t(`store-${store}`)), h("dd", null, t(`store-${sinks[store].toLowerCase()}`)))));
}
