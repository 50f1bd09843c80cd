/**
 * Digits of amounts, which are typed as decimals, and sent as whole minor units.
 * @module
 */

/** Digits after the point of a currency. */
export const digitsOf = (currency: string) => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
