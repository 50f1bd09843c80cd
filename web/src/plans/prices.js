/**
 * Prices of plans: the one of a region, in words.
 * @module
 */

import { LANGUAGE } from "../i18n/l10n.js";
import { h } from "../ui/dom.js";
import { texts } from "./texts.js";

/** @typedef {import("../api/client.js").Schemas["PlanContent"]} PlanContent */
/** @typedef {import("../api/client.js").Schemas["PlanPrice"]} PlanPrice */

/** Format an amount in its currency, as "€19.99" or "19,99 €". @param {string} amount with its decimal point @param {string} currency */
export function money(amount, currency) {
  return new Intl.NumberFormat(LANGUAGE, { style: "currency", currency, minimumFractionDigits: amount.split(".")[1]?.length ?? 0 }).format(Number(amount));
}

/** The price in a region, or null. @param {PlanContent} content @param {string} region @returns {PlanPrice | null} */
export function priceIn({ prices }, region) {
  return prices.find((each) => each.region === region) ?? null;
}

/** Format the price and its period, as "€19.99 a month". @param {PlanPrice} price @param {number} billingMonths */
export function priceWords({ amount, currency }, billingMonths) {
  return `${money(amount, currency)} ${texts.period(billingMonths)}`;
}

/** The tax in an amount in words, with the rate of the price; "" without tax. @param {PlanPrice} price @param {{amount: string, currency: string, taxMinor: number}} of */
export function taxWords({ taxBasisPoints }, { amount, currency, taxMinor }) {
  if (taxBasisPoints === 0) return "";
  const digits = amount.split(".")[1]?.length ?? 0;
  return texts.tax(`${taxBasisPoints / 100} %`, money((taxMinor / 10 ** digits).toFixed(digits), currency));
}

/** Show the price of a plan in a region: the number large, the period small. @param {PlanContent} content @param {string} region @returns {HTMLElement} */
export function priceTag(content, region) {
  const price = priceIn(content, region);
  if (content.prices.length === 0) return h("p", { class: "price" }, h("b", null, texts.free));
  if (!price) return h("p", { class: "price muted" }, texts.notSold);
  return h("p", { class: "price" }, h("b", null, money(price.amount, price.currency)), " ", h("span", null, texts.period(content.billingMonths)));
}
