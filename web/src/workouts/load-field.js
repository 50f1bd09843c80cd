/**
 * Field for the optional load of a line, in the units of the user.
 * @module
 */

import { h } from "../ui/dom.js";
import { constraintsOf } from "../ui/schema-fields.js";
import { load, unitOf } from "../i18n/units.js";
import { t } from "../i18n/l10n.js";

/** Largest load in kilograms. */
const MOST_KG = constraintsOf("PrescribedExercise.loadKg").max ?? Infinity;

/** @param {number | null} kg @param {import("../i18n/units.js").Units} units */
export function loadField(kg, units) {
  const value = kg === null ? "" : Number(load(kg, units).toFixed(1));
  return h("label", { class: "field" }, h("span", null, t("weight-in", { unit: unitOf(units) })),
    h("input", { name: "load", type: "number", inputmode: "decimal", min: 0, max: Math.floor(load(MOST_KG, units)), step: "any", value }));
}

/** Return the message for a load that is out of range. @param {HTMLInputElement} field @param {import("../i18n/units.js").Units} units */
export function wrongLoad({ max }, units) {
  return t("weight-limits", { most: max, unit: unitOf(units) });
}
