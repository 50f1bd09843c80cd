/**
 * Amounts that are typed as decimals, and sent as whole minor units.
 * @module
 */

/** Digits after the point of a currency. */
export const digitsOf = (currency: string) => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** Whole units of a decimal text with a number of digits, or null if it is none. No floating point. */
export function wholeUnits(text: string, digits: number): number | null {
  const match = /^(\d{1,9})(?:[.,](\d*))?$/.exec(text.trim());
  if (!match || (match[2] ?? "").length > digits) return null;
  return Number(match[1] + (match[2] ?? "").padEnd(digits, "0"));
}
