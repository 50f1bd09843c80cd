/**
 * Training settings of the account page: body weight and Apple Health.
 * @module
 */

import { load, unitOf, units as profileUnits, type Units } from "../i18n/units.ts";
import { connectDecimal } from "../ui/decimal-field.ts";
import { byId } from "../ui/dom.ts";
import { showWeight, weightOf } from "../ui/weight-field.ts";
import { connectVersionedForm } from "./versioned-form.ts";
import { t } from "../i18n/l10n.ts";
import type { Schemas } from "../api/client.ts";

/** Limits of the body weight in the unit that is shown, rounded to values within those in kilograms. */
function setLimits(units: Units) {
  const field = byId<"input">("mass");
  if (units !== "imperial") return;
  if (field.min !== "") field.min = String(Math.ceil(load(Number(field.min), units) * 10) / 10);
  if (field.max !== "") field.max = String(Math.floor(load(Number(field.max), units) * 10) / 10);
}

/** Load the settings and save changes. */
export async function showTraining() {
  const units = await profileUnits();
  byId("mass-unit").textContent = unitOf(units);
  setLimits(units);
  const mass = byId<"input">("mass");
  connectDecimal(mass);
  return connectVersionedForm({
    form: "training",
    path: "/v1/me/training-settings",
    show({ bodyMassKg, healthKit }: Schemas["TrainingSettings"]) {
      showWeight(mass, bodyMassKg ?? null, units);
      byId<"input">("healthkit").checked = healthKit;
    },
    read: (current) => ({ ...current, bodyMassKg: weightOf(mass, units), healthKit: byId<"input">("healthkit").checked }),
    kept: t("training-saved"),
    now: t("training-now"),
  });
}
