/**
 * Fields for weights in the units of the user, which are stored in kilograms.
 * @module
 */

import { fieldValue, kilograms, type Units } from "../i18n/units.ts";
import { decimalOf, showDecimal } from "./decimal-field.ts";

/** What fields show, and the stored weights that they were rounded from. */
const shown = new WeakMap<HTMLInputElement, {text: string, kg: number | null}>();

/** Show a weight in a field for decimal numbers. */
export function showWeight(field: HTMLInputElement, kg: number | null, units: Units) {
  showDecimal(field, kg === null ? null : fieldValue(kg, units));
  shown.set(field, { text: field.value, kg });
}

/** The weight in kilograms; null if there is none. A text that was not changed is the weight that it was rounded from. */
export function weightOf(field: HTMLInputElement, units: Units): number | null {
  const before = shown.get(field);
  if (before?.text === field.value) return before.kg;
  const amount = decimalOf(field);
  return amount === null ? null : kilograms(amount, units);
}
