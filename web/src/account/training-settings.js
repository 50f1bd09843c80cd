/**
 * What somebody's training is reckoned with, and where it is written down besides.
 * @module
 */

import { byId } from "../ui/dom.js";
import { showKept } from "./versioned-form.js";

/** Show body mass and the wish for HealthKit, and keep what is changed. */
export function showTraining() {
  return showKept({
    form: "training",
    path: "/v1/me/training-settings",
    show({ bodyMassKg, healthKit }) {
      byId("mass").value = bodyMassKg ?? "";
      byId("healthkit").checked = healthKit;
    },
    read: (known) => ({ ...known, bodyMassKg: byId("mass").value === "" ? null : byId("mass").valueAsNumber, healthKit: byId("healthkit").checked }),
    kept: "Kept. It counts for workouts that end from now on.",
    now: "This is what your training is reckoned with now.",
  });
}
