/**
 * Card of a subscription: its state, and how to pay, pause, resume and cancel it.
 * @module
 */

import { request, type Schemas } from "../api/client.ts";
import { day, moment } from "../i18n/format.ts";
import { planUrl } from "../plans/plan-card.ts";
import { money, priceWords } from "../plans/prices.ts";
import type { BodyOf } from "../api/operations.ts";
import { h, uniqueKey } from "../ui/dom.ts";
import { onSubmit, showError } from "../ui/forms.ts";
import { constraintsOf, fieldAttributes } from "../ui/schema-fields.ts";
import { canChangePlan, changingPlan, pendingChange } from "./plan-change.ts";
import { asking, confirming, once } from "../ui/questions.ts";
import { canEndPause, canRetryAfterPause, discountWords, isOver, nextPriceOf, pausePreview, stateName, stateWords, type Subscription } from "./subscription-state.ts";
import { texts } from "./texts.ts";

/** Change a subscription, then show and announce it. */
export type Change = <What extends "cancel" | "resume" | "pause" | "change-plan" | "withdraw-plan-change">(id: string, what: What, body: BodyOf<"POST", `/v1/subscriptions/${string}/${What}`>, key: string, words: string) => Promise<void>;

const USUAL_PAUSE_DAYS = 30;

/** The button that cancels, after one question. */
function cancelling(of: Subscription, change: Change) {
  const { subscriptionId, status, renewsAt } = of;
  const key = uniqueKey();
  const endsNow = status === "paused" || isOver(of);
  const question = endsNow ? texts.cancelNow : texts.cancelQuestion(renewsAt && day(renewsAt));
  return confirming(
    { label: texts.cancel, question, yes: texts.cancelYes, no: texts.cancelNo, isDanger: true },
    () => change(subscriptionId, "cancel", { atOnce: false }, key, texts.cancelled));
}

/** The button that ends a pause early, which is a payment. */
function endingPause(of: Subscription, change: Change) {
  const key = uniqueKey();
  const question = (of.chargedBy ? texts.pauseEndQuestion : texts.pauseEndByHand)(nextPriceOf(of));
  return confirming(
    { label: texts.pauseEnd, question, yes: texts.pauseEndYes, no: texts.pauseEndNo },
    () => change(of.subscriptionId, "resume", {}, key, texts.pauseOver));
}

/** The button that tries the failed payment after a pause again: a charge, or a payment by hand. */
function retryingPayment(of: Subscription, change: Change) {
  const key = uniqueKey();
  const button = h("button", { class: "button primary", type: "button", onclick: () => void once(button, () => change(of.subscriptionId, "resume", {}, key, texts.pauseOver)) }, texts.pauseRetry(nextPriceOf(of)));
  return button;
}

/** The button that takes a cancellation or a scheduled pause back. */
function takingBack({ subscriptionId, endsAt }: Subscription, change: Change) {
  const key = uniqueKey();
  const [label, words] = endsAt ? [texts.resume, texts.resumed] : [texts.pauseWithdraw, texts.pauseWithdrawn];
  const button = h("button", { class: endsAt ? "button primary" : "button", type: "button", onclick: () => void once(button, () => change(subscriptionId, "resume", {}, key, words)) }, label);
  return button;
}

/** The form of a pause, which says what will happen before it is sent. */
function pausing(of: Subscription, change: Change) {
  const { subscriptionId } = of;
  const { min = 0, max = 0 } = constraintsOf("PauseSubscription.days");
  return asking(texts.pause, (no) => {
    const key = uniqueKey();
    const id = `pause-days-${subscriptionId}`;
    const field = h("input", { id, type: "number", inputmode: "numeric", value: String(USUAL_PAUSE_DAYS), ...fieldAttributes("PauseSubscription.days"), step: "1" });
    const preview = h("p", { role: "status" });
    const show = () => { preview.textContent = field.validity.valid ? pausePreview(of, field.valueAsNumber) : ""; };
    field.addEventListener("input", show);
    show();
    const form = h("form", { class: "inline-question", novalidate: true },
      h("div", { class: "field" }, h("label", { for: id }, texts.pauseDays(min, max)), field), preview,
      h("div", { class: "choices" }, h("button", { class: "button primary", type: "submit" }, texts.pause), no));
    onSubmit(form, () => change(subscriptionId, "pause", { days: field.valueAsNumber }, `${key}-${field.value}`, texts.pausePlanned));
    return [form];
  }, texts.pauseNo);
}

/** Why the user has access, or not: the facts in their order. */
function why({ planId, status }: Subscription) {
  const place = h("div", { class: "billing-why" });
  const isOpen = status === "active" || status === "past_due";
  const answer = ({ granted, reason }: {granted: boolean, reason: string}) => (granted && isOpen ? texts.reason(reason) : texts.answer(granted, texts.reason(reason)));
  return h("details", { ontoggle: ({ currentTarget }: {currentTarget: HTMLDetailsElement}) => {
    if (!currentTarget.open || place.firstChild) return;
    request(`/v1/plans/${encodeURIComponent(planId)}/access`).then(({ granted, reason, facts }) => {
      place.replaceChildren(h("p", null, answer({ granted, reason })), h("ol", null, facts.map(({ event, at }: {event: string, at: string}) => h("li", null, moment(at), " ", texts.fact(event)))));
    }).catch(showError);
  } }, h("summary", null, isOpen ? texts.why : texts.whether), place);
}

/** What has happened to a subscription, the oldest fact first. */
function timeline({ subscriptionId }: Subscription) {
  const place = h("ol", null);
  return h("details", { ontoggle: ({ currentTarget }: {currentTarget: HTMLDetailsElement}) => {
    if (!currentTarget.open || place.firstChild) return;
    request(`/v1/subscriptions/${encodeURIComponent(subscriptionId)}/facts`).then(({ items }) => {
      place.replaceChildren(...items.map((fact: Schemas["SubscriptionFact"]) => h("li", null, moment(fact.at), " ", factWords(fact))));
    }).catch(showError);
  } }, h("summary", null, texts.timeline), h("div", { class: "billing-timeline" }, place));
}

function factWords({ event, nextAt, reason, amount, currency }: Schemas["SubscriptionFact"]) {
  const words = [texts.fact(event, reason), amount && currency && money(amount, currency), nextAt && texts.next(event, day(nextAt))];
  return words.filter(Boolean).join(" · ");
}

/** The links to pay, and to add or change the payment method. */
function paying({ subscriptionId, planId, status, endsAt, isTrial, chargedBy, canStoreMethod, renewalPaymentId, renewalNeedsAction }: Subscription) {
  const checkout = (query: Record<string, string>) => `/checkout.html?${new URLSearchParams(query)}`;
  const isStarted = status === "active" || status === "past_due" || status === "paused";
  const isTrialUnpaid = isTrial && !chargedBy;
  const isDue = renewalPaymentId !== null && (renewalNeedsAction || status !== "active" || !chargedBy);
  return [
    status === "pending_payment" && h("a", { class: "button primary", href: checkout({ plan: planId }) }, texts.pay),
    isDue && h("a", { class: "button primary", href: checkout({ plan: planId, payment: renewalPaymentId }) }, renewalNeedsAction && chargedBy ? texts.confirmPayment : texts.payNow),
    isStarted && !endsAt && canStoreMethod && h("a", { class: isTrialUnpaid && !isDue ? "button primary" : "button", href: checkout({ subscription: subscriptionId }) }, chargedBy ? texts.changeMethod : texts.addMethod),
  ];
}

/** @param title of the plan @param nextTitle of the plan that follows */
export function subscriptionCard(of: Subscription, title: string | null, nextTitle: string | null, change: Change) {
  const { subscriptionId, planId, status, billingMonths, endsAt, pausesAt, changePlanId, canResume } = of;
  const price = priceWords(of, billingMonths);
  const discount = discountWords(of, price);
  const isRunning = status === "active" || status === "past_due";
  const isStopping = isRunning && (endsAt !== null || pausesAt !== null);
  const canCancel = status === "pending_payment" || ((isRunning || status === "paused") && !endsAt);
  return h("li", { class: "billing-card" },
    h("h3", { id: `subscription-${subscriptionId}`, tabindex: "-1" }, h("a", { href: planUrl(planId) }, h("bdi", null, title ?? texts.plan))),
    h("p", null, h("b", null, stateName(of)), " · ", price),
    h("p", { class: "muted" }, stateWords(of)),
    discount ? h("p", null, discount) : null,
    paying(of),
    isStopping && canResume ? takingBack(of, change) : null,
    changePlanId ? pendingChange(of, nextTitle ?? texts.plan, change) : null,
    canChangePlan(of) ? changingPlan(of, change) : null,
    status === "active" && !isStopping && !changePlanId ? pausing(of, change) : null,
    canResume && canEndPause(of) ? endingPause(of, change) : null,
    canResume && canRetryAfterPause(of) ? retryingPayment(of, change) : null,
    canCancel ? cancelling(of, change) : null,
    timeline(of),
    why(of));
}
