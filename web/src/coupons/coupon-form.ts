/**
 * The form of a new coupon.
 * @module
 */

import { endOf, LATEST_DAY, todayIn } from "../i18n/calendar.ts";
import { clockZone } from "../i18n/display-settings.ts";
import { t } from "../i18n/l10n.ts";
import { digitsOf } from "../plans/amounts.ts";
import { isAdministrator } from "../stores/account.ts";
import { byId, fieldOf, h } from "../ui/dom.ts";
import { markField } from "../ui/forms.ts";
import { applyConstraints, constraintsOf } from "../ui/schema-fields.ts";
import { wholeUnits } from "../ui/whole-units.ts";
import type { Schemas } from "../api/client.ts";

type Plan = Schemas["Plan"];
type CreateCoupon = Schemas["CreateCoupon"];

const CODE = /^[A-Z0-9-]{3,40}$/;

/** Basis points of the whole price, which no coupon takes off. */
const WHOLE = 10_000;

/** Offer the plans with a price. */
export function offerPlans(plans: Plan[]) {
  const [legend] = byId("plans").children;
  byId("plans").replaceChildren(legend, ...plans.map(({ planId, offered }) => h("label", { class: "check" }, h("input", { type: "checkbox", name: "plan", value: planId }), h("bdi", null, offered?.title))));
  byId("plans-note").textContent = isAdministrator() ? t("coupons-plans-all") : plans.length ? "" : t("coupons-no-plans");
}

/** Add the fields that the schema does not describe, and offer the currencies. */
export function prepareForm() {
  applyConstraints(byId<"form">("create"));
  byId("value-label").after(h("input", { id: "value", type: "text", inputmode: "decimal", autocomplete: "off", "aria-required": "true" }));
  byId("expires-hint").before(h("input", { id: "expires", type: "date", min: todayIn(clockZone()), max: LATEST_DAY, "aria-describedby": "expires-hint" }));
  byId("currency").append(...(constraintsOf("CreateCoupon.currency").options ?? []).map((each) => h("option", { value: each, selected: each === "EUR" }, each)));
  for (const id of ["kind", "duration"]) byId(id).addEventListener("change", showFields);
  showFields();
}

/** Show the fields that the choices need. */
export function showFields() {
  const isAmount = byId<"select">("kind").value === "amount";
  byId("value-label").textContent = t(isAmount ? "coupons-value-amount" : "coupons-value-percent");
  fieldOf("currency").hidden = !isAmount;
  fieldOf("periods").hidden = byId<"select">("duration").value !== "repeating";
}

/** Read the form; null if a field is wrong, which is marked and focused. @param forAll whether it may be for all plans */
export function readCoupon(forAll: boolean): CreateCoupon | null {
  const code = byId<"input">("code").value.trim().toUpperCase();
  const isAmount = byId<"select">("kind").value === "amount";
  const currency = byId<"select">("currency").value as CreateCoupon["currency"];
  const digits = isAmount ? digitsOf(String(currency)) : 2;
  const value = wholeUnits(byId<"input">("value").value, digits);
  const most = isAmount ? Number(constraintsOf("CreateCoupon.amountMinor").max) : WHOLE - 1;
  const isWrong = value === null || value < 1 || value > most;
  const plans = [...byId("plans").querySelectorAll("input:checked")].map((box) => (box as HTMLInputElement).value);
  markField(byId<"input">("code"), CODE.test(code) ? "" : t("coupons-code-wrong"));
  markField(byId<"input">("value"), !isWrong ? "" : isAmount ? t("coupons-amount-wrong", { digits }) : t("coupons-percent-wrong"));
  const lacksPlan = !plans.length && !forAll;
  byId("plans-wrong").textContent = lacksPlan ? t("coupons-plans-wrong") : "";
  const wrong = !CODE.test(code) ? byId<"input">("code") : isWrong ? byId("value") : lacksPlan ? byId("plans").querySelector("input") : null;
  if (wrong || isWrong || lacksPlan) { wrong?.focus(); return null; }
  const duration = byId<"select">("duration").value as NonNullable<CreateCoupon["duration"]>;
  const { value: until } = byId<"input">("expires");
  return {
    code, plans, duration,
    ...(isAmount ? { amountMinor: value, currency } : { basisPoints: value }),
    ...(duration === "repeating" && { durationInPeriods: Number(byId<"input">("periods").value) }),
    ...(byId<"input">("limit").value && { maxUses: Number(byId<"input">("limit").value) }),
    maxUsesPerUser: Number(byId<"input">("each").value),
    ...(until && { expiresAt: new Date(endOf(until, clockZone()).getTime() - 1000).toISOString() }),
  };
}
