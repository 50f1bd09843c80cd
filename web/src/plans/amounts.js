/**
 * Amounts that are typed as decimals, and sent as whole minor units.
 * @module
 */

/** Digits after the point of a currency. @param {string} currency */
export const digitsOf = (currency) => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** Whole units of a decimal text with a number of digits, or null if it is none. No floating point. @param {string} text @param {number} digits @returns {number | null} */
export function wholeUnits(text, digits) {
  const match = /^(\d{1,9})(?:[.,](\d*))?$/.exec(text.trim());
  if (!match || (match[2] ?? "").length > digits) return null;
  return Number(match[1] + (match[2] ?? "").padEnd(digits, "0"));
}
