/**
 * Fields for decimal numbers, typed with a decimal comma or point. They are text fields: in a field of the type "number", a
 * browser whose own language has decimal points drops a comma, so that "12,5" would be 125.
 * @module
 */

import { decimal } from "../i18n/format.ts";
import { LANGUAGE, t } from "../i18n/l10n.ts";
import { h } from "./dom.ts";
import { wholeUnits } from "./whole-units.ts";

/** Most decimals. With three, "1,000" could be a thousand. */
const USUAL_DIGITS = 2;

/** Create a field for a decimal number. @param attributes such as `min`, `max` and `required` @param digits most decimals */
export function decimalField(attributes: Record<string, unknown>, digits = USUAL_DIGITS): HTMLInputElement {
  const field = h("input", { ...attributes, type: "text", inputmode: "decimal", autocomplete: "off" });
  connectDecimal(field, digits);
  return field;
}

/** Let a text field of a page be one for a decimal number. @param digits most decimals */
export function connectDecimal(field: HTMLInputElement, digits = USUAL_DIGITS) {
  field.dataset.digits = String(digits);
  field.addEventListener("input", () => checkDecimal(field));
  checkDecimal(field);
}

/** The number in a field; null if there is none. */
export function decimalOf(field: HTMLInputElement): number | null {
  const digits = digitsOf(field);
  const units = wholeUnits(field.value, digits);
  return units === null ? null : units / 10 ** digits;
}

/** Show a number in a field, in the language of the page. */
export function showDecimal(field: HTMLInputElement, value: number | null) {
  field.value = value === null ? "" : value.toLocaleString(LANGUAGE, { useGrouping: false, maximumFractionDigits: digitsOf(field) });
  checkDecimal(field);
}

/** Make a field invalid if its text is no number, or out of its range. Call it when the range has changed. */
export function checkDecimal(field: HTMLInputElement) {
  const { min, max, required } = field;
  const value = decimalOf(field);
  const isWrong = field.value.trim() === "" ? required : value === null || value < Number(min) || (max !== "" && value > Number(max));
  field.setCustomValidity(isWrong ? wrongWords(field) : "");
}

function wrongWords(field: HTMLInputElement) {
  const digits = digitsOf(field);
  const [min, max] = [field.min, field.max].map((limit) => decimal(Number(limit), 0, digits));
  return digits === 0 ? t("field-number", { min, max }) : t("field-decimal", { min, max, digits });
}

const digitsOf = (field: HTMLInputElement) => Number(field.dataset.digits);
