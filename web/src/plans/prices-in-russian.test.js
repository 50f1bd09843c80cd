/** Prices on Russian pages. */
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = { documentElement: { lang: "ru" }, addEventListener() {} };
globalThis.HTMLElement = class {};
const { taxWords } = await import("./prices.ts");

test("R-PAY-01: the rate of a tax has the decimal comma of the language", () => {
  const price = { taxBasisPoints: 770 };
  assert.match(taxWords(price, { amount: "10.00", currency: "EUR", taxMinor: 71 }), /7,7 % \(0,71/);
});
