/**
 * Change of the plan of a subscription: what it would cost, then the change itself.
 * @module
 */

import { Problem, request, type Schemas } from "../api/client.ts";
import { day } from "../i18n/format.ts";
import { listAll } from "../plans/plan-api.ts";
import { money, priceWords } from "../plans/prices.ts";
import { table } from "../ui/data-table.ts";
import { h, uniqueKey } from "../ui/dom.ts";
import { onSubmit, showError } from "../ui/forms.ts";
import { asking, once } from "../ui/questions.ts";
import { isOver, type Subscription } from "./subscription-state.ts";
import { texts } from "./texts.ts";
import type { Change } from "./subscription-card.ts";

type Plan = Schemas["Plan"];
type Preview = Schemas["PlanChangePreview"];

/** Whether the plan can be changed now. */
export function canChangePlan(of: Subscription) {
  const { status, isTrial, endsAt, pausesAt, changePlanId } = of;
  return status === "active" && !isTrial && !endsAt && !pausesAt && !changePlanId && !isOver(of);
}

/** The other plans with a price in the region and currency, with that price. */
async function choices({ planId, region, currency }: Subscription) {
  const plans = await listAll("/v1/plans", { free: "false", order: "title" });
  return plans.flatMap((each: Plan) => {
    const price = each.offered?.prices.find((one) => one.region === region && one.currency === currency);
    return each.offered && price && each.planId !== planId ? [{ planId: each.planId, label: `${each.offered.title} · ${priceWords(price, each.offered.billingMonths)}` }] : [];
  });
}

/** What a change costs, and when it takes effect. */
function terms({ takesEffect, changesAt, currency, price, billingMonths, couponId, discount, reduced, credit, amount, tax, chargedBy }: Preview) {
  const cost = (value: string) => money(value, currency);
  const priceOfPeriod = priceWords({ amount: price, currency }, billingMonths);
  if (takesEffect === "period_end") {
    return [
      h("p", null, texts.changeLater(day(changesAt ?? ""), priceOfPeriod)),
      ...(couponId ? [h("p", null, texts.changeFirst(couponId, cost(reduced)))] : []),
    ];
  }
  const words = chargedBy ? texts.changeNow : texts.changeNowByHand;
  return [
    table(texts.changeLines, texts.changeColumns, [
      [texts.changePrice, priceOfPeriod],
      ...(couponId ? [[texts.changeDiscount(couponId), cost(`-${discount}`)]] : []),
      [texts.changeCredit, cost(`-${credit}`)],
      [texts.changeTotal, cost(amount)],
      [texts.changeTax, cost(tax)],
    ]),
    h("p", null, words(cost(amount))),
  ];
}

/** Fill the form with the plans, and show the terms of the one that is chosen. */
async function fill(of: Subscription, place: HTMLElement, no: HTMLButtonElement, change: Change) {
  const { subscriptionId } = of;
  const path = `/v1/subscriptions/${encodeURIComponent(subscriptionId)}/change-preview` as const;
  const plans = await choices(of);
  if (!plans.length) {
    place.replaceChildren(h("p", null, texts.changeNone), no);
    no.focus(); // it loses the focus when it is moved
    return;
  }
  const id = `change-plan-${subscriptionId}`;
  const chosen = h("select", { id, "data-schema": "ChangeSubscriptionPlan.planId" }, plans.map(({ planId, label }) => h("option", { value: planId }, label)));
  const shown = h("div", { class: "inline-question", role: "status" });
  const confirm = h("button", { class: "button primary", type: "submit", disabled: true }, texts.changeYes);
  let preview: Preview | null = null;
  const show = async () => {
    const planId = chosen.value;
    preview = null;
    confirm.disabled = true;
    try {
      const loaded = await request(`${path}?${new URLSearchParams({ planId })}`);
      if (chosen.value !== planId) return; // another one was chosen meanwhile
      preview = loaded;
      shown.replaceChildren(...terms(loaded));
      confirm.disabled = false;
    } catch (error) {
      if (chosen.value !== planId) return;
      shown.replaceChildren();
      showError(error);
    }
  };
  chosen.addEventListener("change", () => void show());
  const key = uniqueKey();
  const form = h("form", { class: "inline-question", novalidate: true },
    h("div", { class: "field" }, h("label", { for: id }, texts.changeTo), chosen), shown,
    h("div", { class: "choices" }, confirm, no));
  onSubmit(form, async () => {
    if (!preview) return;
    const { planId, token } = preview;
    try {
      await change(subscriptionId, "change-plan", { planId, token }, `${key}-${token}`, texts.changeAccepted);
    } catch (error) {
      if (error instanceof Problem && error.code === "subscription.preview_outdated") void show();
      throw error;
    }
  });
  place.replaceChildren(form);
  chosen.focus();
  await show();
}

/** The button that shows the terms of a change before it is made. */
export function changingPlan(of: Subscription, change: Change) {
  return asking(texts.changePlan, (no) => {
    const place = h("div", { class: "inline-question" }, no);
    fill(of, place, no, change).catch(showError);
    return [place];
  }, texts.changeNo);
}

/** A change that is pending, and how to pay it or take it back. */
export function pendingChange({ subscriptionId, changePlanId, changesAt, changePaymentId, changeAmount, changeBillingMonths, currency, renewsAt }: Subscription, plan: string, change: Change) {
  const key = uniqueKey();
  const cost = { amount: changeAmount ?? "0", currency };
  const pay = new URLSearchParams({ plan: changePlanId ?? "", payment: changePaymentId ?? "" });
  const isPaid = changesAt !== null && changesAt !== renewsAt;
  const button = h("button", { class: "button", type: "button", onclick: () => void once(button, () => change(subscriptionId, "withdraw-plan-change", {}, key, texts.changeWithdrawn)) }, texts.changeWithdraw);
  return [
    h("p", null, changesAt ? texts.changesOn(plan, day(changesAt), priceWords(cost, changeBillingMonths ?? 1)) : texts.changeWaits(plan, money(cost.amount, currency))),
    changePaymentId ? h("a", { class: "button primary", href: `/checkout.html?${pay}` }, texts.changePay) : null,
    isPaid ? null : button,
  ];
}
