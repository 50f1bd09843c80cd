/**
 * Decimals that people type.
 * @module
 */

/** Whole units of a decimal text, with a decimal comma or point and a number of digits, or null if it is none. No floating point. */
export function wholeUnits(text: string, digits: number): number | null {
  const [, whole, decimals = ""] = /^(\d{0,9})(?:[.,](\d*))?$/.exec(text.trim()) ?? [];
  if (!whole && !decimals || decimals.length > digits) return null;
  return Number(whole + decimals.padEnd(digits, "0"));
}
