/**
 * Fields for weights in the units of the user, which are stored in kilograms.
 * @module
 */

import { fieldValue, kilograms, type Units } from "../i18n/units.ts";
import { decimalOf, showDecimal } from "./decimal-field.ts";
import { exactOf, noteExact } from "./exact-value.ts";

/** Show a weight in a field for decimal numbers. */
export function showWeight(field: HTMLInputElement, kg: number | null, units: Units) {
  showDecimal(field, kg === null ? null : fieldValue(kg, units));
  noteExact(field, kg);
}

/** The weight in kilograms; null if there is none. A text that was not changed is the weight that it was rounded from. */
export function weightOf(field: HTMLInputElement, units: Units): number | null {
  return exactOf(field, () => {
    const amount = decimalOf(field);
    return amount === null ? null : kilograms(amount, units);
  });
}
