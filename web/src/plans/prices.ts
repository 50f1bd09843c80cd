/**
 * Prices of plans: the one of a region, in words.
 * @module
 */

import { decimal } from "../i18n/format.ts";
import { LANGUAGE } from "../i18n/l10n.ts";
import { h } from "../ui/dom.ts";
import { texts } from "./texts.ts";
import type { Schemas } from "../api/client.ts";

export type PlanContent = Schemas["PlanContent"];
export type PlanPrice = Schemas["PlanPrice"];

/** Format an amount in its currency, as "€19.99" or "19,99 €". @param amount with its decimal point */
export function money(amount: string, currency: string) {
  return new Intl.NumberFormat(LANGUAGE, { style: "currency", currency, minimumFractionDigits: amount.split(".")[1]?.length ?? 0 }).format(Number(amount));
}

/** The price in a region, or null. */
export function priceIn({ prices }: PlanContent, region: string): PlanPrice | null {
  return prices.find((each) => each.region === region) ?? null;
}

/** Format the price and its period, as "€19.99 a month". */
export function priceWords({ amount, currency }: Pick<PlanPrice, "amount" | "currency">, billingMonths: number) {
  return `${money(amount, currency)} ${texts.period(billingMonths)}`;
}

/** The tax in an amount in words, with the rate of the price; "" without tax. */
export function taxWords({ taxBasisPoints }: PlanPrice, { amount, currency, taxMinor }: {amount: string, currency: string, taxMinor: number}) {
  if (taxBasisPoints === 0) return "";
  const digits = amount.split(".")[1]?.length ?? 0;
  return texts.tax(`${decimal(taxBasisPoints / 100, 0, 2)} %`, money((taxMinor / 10 ** digits).toFixed(digits), currency));
}

/** Show the price of a plan in a region: the number large, the period small. */
export function priceTag(content: PlanContent, region: string): HTMLElement {
  const price = priceIn(content, region);
  if (content.prices.length === 0) return h("p", { class: "price" }, h("b", null, texts.free));
  if (!price) return h("p", { class: "price muted" }, texts.notSold);
  return h("p", { class: "price" }, h("b", null, money(price.amount, price.currency)), " ", h("span", null, texts.period(content.billingMonths)));
}
