/**
 * Prices per region: typed as decimals, sent as whole minor units.
 * @module
 */

import { digitsOf } from "../plans/amounts.ts";
import { REGIONS, type Region } from "../plans/regions.ts";
import { h } from "../ui/dom.ts";
import { markField } from "../ui/forms.ts";
import { constraintsOf } from "../ui/schema-fields.ts";
import { wholeUnits } from "../ui/whole-units.ts";
import { texts } from "./texts.ts";
import type { Schemas } from "../api/client.ts";
import type { PlanPrice } from "../plans/prices.ts";

type PriceInput = Schemas["PriceInput"];

const USUAL: Record<string, string> = { US: "USD", EU: "EUR", Russia: "RUB", other: "USD" };

function row(region: string, price: PlanPrice | undefined) {
  const label = REGIONS[region as Region];
  const amount = h("input", { id: `amount-${region}`, type: "text", inputmode: "decimal", autocomplete: "off", value: price?.amount ?? "" });
  const currency = h("select", { id: `currency-${region}` }, constraintsOf("PriceInput.currency").options?.map((each) => h("option", { value: each }, each)));
  currency.value = price?.currency ?? USUAL[region];
  const tax = h("input", { id: `tax-${region}`, type: "text", inputmode: "decimal", autocomplete: "off", value: price ? String(price.taxBasisPoints / 100) : "0" });
  const field = (words: string, input: HTMLElement) => h("div", { class: "field" }, h("label", { for: input.id }, words), input);
  return h("li", { class: "price-row", "data-region": region }, field(texts.amount(label), amount), field(texts.currency(label), currency), field(texts.tax(label), tax));
}

/** Show a row for each region. */
export function showPrices(list: HTMLElement, prices: readonly PlanPrice[]) {
  list.replaceChildren(...Object.keys(REGIONS).map((region) => row(region, prices.find((each) => each.region === region))));
}

/** Read the prices; null if a field is wrong, which is marked and focused. */
export function readPrices(list: HTMLElement): PriceInput[] | null {
  let wrong: HTMLInputElement | null = null;
  const prices: PriceInput[] = [];
  for (const each of list.children) {
    const [amount, tax] = [...each.querySelectorAll("input")] as HTMLInputElement[];
    const currency = (each.querySelector("select") as HTMLSelectElement).value;
    const digits = digitsOf(currency);
    const minor = amount.value.trim() ? wholeUnits(amount.value, digits) : 0;
    const isWrong = minor === null || (amount.value.trim() !== "" && (minor < 1 || minor > Number(constraintsOf("PriceInput.amountMinor").max)));
    const basisPoints = wholeUnits(tax.value || "0", 2);
    const isTaxWrong = basisPoints === null || basisPoints > 10_000;
    markField(amount, isWrong ? texts.wrongAmount(digits) : "");
    markField(tax, isTaxWrong ? texts.wrongTax : "");
    if (isWrong) wrong ??= amount;
    else if (isTaxWrong) wrong ??= tax;
    else if (minor) prices.push({ region: (each as HTMLElement).dataset.region, amountMinor: minor, currency, taxBasisPoints: basisPoints } as PriceInput);
  }
  wrong?.focus();
  return wrong ? null : prices;
}
