/**
 * Training settings of the account page: body weight and Apple Health.
 * @module
 */

import { kilograms, load, unitOf, units as profileUnits } from "../i18n/units.js";
import { byId } from "../ui/dom.js";
import { connectVersionedForm } from "./versioned-form.js";
import { t } from "../i18n/l10n.js";

/** Limits of the body weight, in the unit that is shown. @param {import("../i18n/units.js").Units} units */
function setLimits(units) {
  const field = byId("mass");
  if (units !== "imperial") return;
  for (const name of ["min", "max"]) if (field[name] !== "") field[name] = String(Math.round(load(Number(field[name]), units)));
}

/** Load the settings and save changes. */
export async function showTraining() {
  const units = await profileUnits();
  byId("mass-unit").textContent = unitOf(units);
  setLimits(units);
  return connectVersionedForm({
    form: "training",
    path: "/v1/me/training-settings",
    /** @param {import("../api/client.js").Schemas["TrainingSettings"]} settings */
    show({ bodyMassKg, healthKit }) {
      byId("mass").value = typeof bodyMassKg === "number" ? String(Number(load(bodyMassKg, units).toFixed(1))) : "";
      byId("healthkit").checked = healthKit;
    },
    read: (current) => ({ ...current, bodyMassKg: byId("mass").value === "" ? null : kilograms(byId("mass").valueAsNumber, units), healthKit: byId("healthkit").checked }),
    kept: t("training-saved"),
    now: t("training-now"),
  });
}
