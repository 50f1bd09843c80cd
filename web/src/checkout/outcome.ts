/**
 * What happened to a payment that is over, and what to do next. A renewal also says what its subscription does.
 * @module
 */

import { day } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { endWords, hasEnded, isLastUnpaid } from "../billing/subscription-state.ts";
import { planUrl } from "../plans/plan-card.ts";
import { h, type Child } from "../ui/dom.ts";
import * as api from "./checkout-api.ts";
import { texts } from "./texts.ts";
import type { Schemas } from "../api/client.ts";
import type { Payment } from "./checkout-api.ts";

/** `isProcessing`: whether the bank was carrying out a debit when the payment was cancelled. */
type Result = Pick<Payment, "status" | "failReason"> & Partial<Pick<Payment, "declineReason">> & {isProcessing?: boolean};
type Subscription = Schemas["Subscription"];

const checkoutUrl = (planId: string, payment?: string | null) => `/checkout.html?${new URLSearchParams({ plan: planId, ...(payment && { payment }) })}`;

/** Why a payment failed: if it expired after its bank refused it, the reason of the bank. */
function reasonOf({ failReason, declineReason }: Result) {
  return (failReason === "expired" && declineReason) || failReason;
}

/** @returns title and text */
function firstWords(result: Result): [string, string] {
  const { status, failReason, isProcessing } = result;
  if (failReason === "cancelled" && isProcessing) return [t("checkout-cancelled"), t("checkout-debit-returned")];
  if (status === "succeeded") return [texts.completedTitle, texts.completed];
  return status === "refunded" ? [texts.refundedTitle, texts.refunded] : texts.failure(reasonOf(result));
}

/** Title and text of a renewal or a change of plan, without what its subscription does. */
function renewalWords(result: Result, changesPlan: boolean): [string, string] {
  const { status, isProcessing } = result;
  const failReason = reasonOf(result);
  if (status === "succeeded") return [changesPlan ? t("checkout-plan-changed") : t("checkout-renewed"), ""];
  if (status === "refunded") return [texts.refundedTitle, texts.refunded];
  if (failReason === "cancelled") return [t("checkout-withdrawn"), t(isProcessing ? "checkout-debit-returned" : "checkout-nothing-charged")];
  if (failReason === "expired") return [t("checkout-expired"), t("checkout-renewal-expired")];
  const [title, text] = texts.failure(failReason);
  if (title !== t("checkout-failed")) return [title, text];
  return [changesPlan ? t("checkout-plan-not-changed") : t("checkout-not-renewed"), text];
}

/** What a subscription does next. */
function nextWords(of: Subscription) {
  const { status, renewsAt, retryAt, endsAt, chargedBy, renewalPaymentId } = of;
  if (hasEnded(of)) return t("checkout-subscription-ended");
  if (endsAt) return endWords(of);
  if (renewalPaymentId) return t("checkout-open-renewal");
  if (isLastUnpaid(of)) return t("checkout-access-until", { day: day(retryAt ?? "") });
  if (status === "past_due" && retryAt) return t(chargedBy ? "checkout-retry" : "checkout-retry-by-hand", { day: day(retryAt) });
  return renewsAt ? t("checkout-paid-until", { day: day(renewsAt) }) : "";
}

function shown(title: string, words: string[], ...actions: Child[]) {
  return [h("h2", { id: "outcome-title", tabindex: "-1" }, title), words.filter(Boolean).map((each) => h("p", null, each)), h("div", { class: "choices" }, actions)].flat();
}

/** The outcome of a cancelled first payment for a plan that is no longer offered. */
export function withdrawnOutcome({ isProcessing }: Result): HTMLElement[] {
  return shown(t("checkout-withdrawn"), [t(isProcessing ? "checkout-debit-returned" : "checkout-plan-withdrawn")], h("a", { class: "button primary", href: "/plans.html" }, t("plans-browse")));
}

/** The outcome of a first payment. */
export function firstOutcome(result: Result, planId: string, again: () => void): HTMLElement[] {
  const [title, text] = firstWords(result);
  return shown(title, [text],
    result.status === "succeeded" ? h("a", { class: "button primary", href: "/" }, texts.toHome) : h("button", { class: "button primary", type: "button", onclick: again }, texts.again),
    h("a", { class: "button", href: planUrl(planId) }, texts.toPlan));
}

/** The outcome of a renewal or a change of plan. */
export async function renewalOutcome(payment: Payment & Result, planId: string): Promise<HTMLElement[]> {
  const subscription = await api.subscriptionAfter(payment);
  const [title, text] = renewalWords(payment, await api.changesPlan(payment));
  const { renewalPaymentId } = subscription;
  const next = hasEnded(subscription)
    ? h("a", { class: "button primary", href: planUrl(planId) }, texts.toPlan)
    : renewalPaymentId && h("a", { class: "button primary", href: checkoutUrl(planId, renewalPaymentId) }, t("billing-pay-now"));
  return shown(title, [text, nextWords(subscription)], next, h("a", { class: next ? "button" : "button primary", href: "/billing.html" }, t("plans-billing")));
}
