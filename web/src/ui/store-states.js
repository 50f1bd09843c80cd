/**
 * States of pose coach sessions in its two stores.
 * @module
 */

import { h } from "./dom.js";
import { t } from "../i18n/l10n.js";

/** @typedef {import("../coach/stop-workout.js").CoachSession} CoachSession */

/** A list of both stores with the state of a session in each. @param {CoachSession} session */
export function storeStates({ sinks }) {
  return h("dl", { class: "store-states" }, /** @type {const} */ (["document", "analytics"]).map((store) =>
    h("div", { "data-state": sinks[store].toLowerCase() }, h("dt", null, t(`store-${store}`)), h("dd", null, t(`store-${sinks[store].toLowerCase()}`)))));
}
