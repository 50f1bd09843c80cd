/**
 * Field for the optional load of a line, in the units of the user.
 * @module
 */

import { decimalField } from "../ui/decimal-field.ts";
import { h } from "../ui/dom.ts";
import { constraintsOf } from "../ui/schema-fields.ts";
import { showWeight } from "../ui/weight-field.ts";
import { load, unitOf, type Units } from "../i18n/units.ts";
import { t } from "../i18n/l10n.ts";

/** Largest load in kilograms. */
const MOST_KG = constraintsOf("PrescribedExercise.loadKg").max ?? Infinity;

export function loadField(kg: number | null, units: Units) {
  const field = decimalField({ name: "load", min: 0, max: Math.floor(load(MOST_KG, units)) });
  showWeight(field, kg, units);
  return h("label", { class: "field" }, h("span", null, t("weight-in", { unit: unitOf(units) })), field);
}

/** Return the message for a load that is out of range. */
export function wrongLoad({ max }: HTMLInputElement, units: Units) {
  return t("weight-limits", { most: Number(max), unit: unitOf(units) });
}
