/**
 * Prices per region: typed as decimals, sent as whole minor units.
 * @module
 */

import { digitsOf, wholeUnits } from "../plans/amounts.js";
import { REGIONS } from "../plans/regions.js";
import { h } from "../ui/dom.js";
import { markField } from "../ui/forms.js";
import { constraintsOf } from "../ui/schema-fields.js";
import { texts } from "./texts.js";

/** @typedef {import("../api/client.js").Schemas["PriceInput"]} PriceInput */
/** @typedef {import("../plans/prices.js").PlanPrice} PlanPrice */

/** @type {Record<string, string>} */
const USUAL = { US: "USD", EU: "EUR", Russia: "RUB", other: "USD" };

/** @param {string} region @param {PlanPrice | undefined} price */
function row(region, price) {
  const label = REGIONS[/** @type {import("../plans/regions.js").Region} */ (region)];
  const amount = h("input", { id: `amount-${region}`, type: "text", inputmode: "decimal", autocomplete: "off", value: price?.amount ?? "" });
  const currency = h("select", { id: `currency-${region}` }, constraintsOf("PriceInput.currency").options?.map((each) => h("option", { value: each }, each)));
  currency.value = price?.currency ?? USUAL[region];
  const tax = h("input", { id: `tax-${region}`, type: "text", inputmode: "decimal", autocomplete: "off", value: price ? String(price.taxBasisPoints / 100) : "0" });
  const field = (/** @type {string} */ words, /** @type {HTMLElement} */ input) => h("div", { class: "field" }, h("label", { for: input.id }, words), input);
  return h("li", { class: "price-row", "data-region": region }, field(texts.amount(label), amount), field(texts.currency(label), currency), field(texts.tax(label), tax));
}

/** Show a row for each region. @param {HTMLElement} list @param {readonly PlanPrice[]} prices */
export function showPrices(list, prices) {
  list.replaceChildren(...Object.keys(REGIONS).map((region) => row(region, prices.find((each) => each.region === region))));
}

/** Read the prices; null if a field is wrong, which is marked and focused. @param {HTMLElement} list @returns {PriceInput[] | null} */
export function readPrices(list) {
  /** @type {HTMLInputElement | null} */
  let wrong = null;
  /** @type {PriceInput[]} */
  const prices = [];
  for (const each of list.children) {
    const [amount, tax] = /** @type {HTMLInputElement[]} */ ([...each.querySelectorAll("input")]);
    const currency = /** @type {HTMLSelectElement} */ (each.querySelector("select")).value;
    const digits = digitsOf(currency);
    const minor = amount.value.trim() ? wholeUnits(amount.value, digits) : 0;
    const isWrong = minor === null || (amount.value.trim() !== "" && (minor < 1 || minor > Number(constraintsOf("PriceInput.amountMinor").max)));
    const basisPoints = wholeUnits(tax.value || "0", 2);
    const isTaxWrong = basisPoints === null || basisPoints > 10_000;
    markField(amount, isWrong ? texts.wrongAmount(digits) : "");
    markField(tax, isTaxWrong ? texts.wrongTax : "");
    if (isWrong) wrong ??= amount;
    else if (isTaxWrong) wrong ??= tax;
    else if (minor) prices.push(/** @type {PriceInput} */ ({ region: /** @type {HTMLElement} */ (each).dataset.region, amountMinor: minor, currency, taxBasisPoints: basisPoints }));
  }
  wrong?.focus();
  return wrong ? null : prices;
}
