/**
 * Training settings of the account page: body mass and Apple Health.
 * @module
 */

import { byId } from "../ui/dom.js";
import { connectVersionedForm } from "./versioned-form.js";

/** Load the settings and save changes. */
export function showTraining() {
  return connectVersionedForm({
    form: "training",
    path: "/v1/me/training-settings",
    show({ bodyMassKg, healthKit }) {
      byId("mass").value = bodyMassKg ?? "";
      byId("healthkit").checked = healthKit;
    },
    read: (current) => ({ ...current, bodyMassKg: byId("mass").value === "" ? null : byId("mass").valueAsNumber, healthKit: byId("healthkit").checked }),
    kept: "Saved. This applies to workouts that you finish from now on.",
    now: "These are your current training settings.",
  });
}
