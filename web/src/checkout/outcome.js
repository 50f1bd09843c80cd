/**
 * What happened to a payment that is over, and what to do next. A renewal also says what its subscription does.
 * @module
 */

import { day } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { hasEnded } from "../billing/subscription-state.js";
import { planUrl } from "../plans/plan-card.js";
import { h } from "../ui/dom.js";
import * as api from "./checkout-api.js";
import { texts } from "./texts.js";

/** @typedef {Pick<import("./checkout-api.js").Payment, "status" | "failReason">} Result */
/** @typedef {import("../api/client.js").Schemas["Subscription"]} Subscription */

/** @param {string} planId @param {string | null} [payment] */
const checkoutUrl = (planId, payment) => `/checkout.html?${new URLSearchParams({ plan: planId, ...(payment && { payment }) })}`;

/** @param {Result} result @returns {[string, string]} title and text */
function firstWords({ status, failReason }) {
  if (status === "succeeded") return [texts.completedTitle, texts.completed];
  return status === "refunded" ? [texts.refundedTitle, texts.refunded] : texts.failure(failReason);
}

/** Title and text of a renewal or a change of plan, without what its subscription does. @param {Result} result @param {boolean} changesPlan @returns {[string, string]} */
function renewalWords({ status, failReason }, changesPlan) {
  if (status === "succeeded") return [changesPlan ? t("checkout-plan-changed") : t("checkout-renewed"), ""];
  if (status === "refunded") return [texts.refundedTitle, texts.refunded];
  if (failReason === "cancelled") return [t("checkout-withdrawn"), t("checkout-nothing-charged")];
  if (failReason === "expired") return [t("checkout-expired"), t("checkout-renewal-expired")];
  const [title, text] = texts.failure(failReason);
  if (title !== t("checkout-failed")) return [title, text];
  return [changesPlan ? t("checkout-plan-not-changed") : t("checkout-not-renewed"), text];
}

/** What a subscription does next. @param {Subscription} of */
function nextWords(of) {
  const { status, renewsAt, retryAt, endsAt, chargedBy, renewalPaymentId } = of;
  if (hasEnded(of)) return t("checkout-subscription-ended");
  if (endsAt) return t("billing-ends", { day: day(endsAt) });
  if (renewalPaymentId) return t("checkout-open-renewal");
  if (status === "past_due" && retryAt) return t(chargedBy ? "checkout-retry" : "checkout-retry-by-hand", { day: day(retryAt) });
  return renewsAt ? t("checkout-paid-until", { day: day(renewsAt) }) : "";
}

/** @param {string} title @param {string[]} words @param {...any} actions */
function shown(title, words, ...actions) {
  return [h("h2", { id: "outcome-title", tabindex: "-1" }, title), words.filter(Boolean).map((each) => h("p", null, each)), h("div", { class: "choices" }, actions)].flat();
}

/** The outcome of a first payment. @param {Result} result @param {string} planId @param {() => void} again @returns {HTMLElement[]} */
export function firstOutcome(result, planId, again) {
  const [title, text] = firstWords(result);
  return shown(title, [text],
    result.status === "succeeded" ? h("a", { class: "button primary", href: "/" }, texts.toHome) : h("button", { class: "button primary", type: "button", onclick: again }, texts.again),
    h("a", { class: "button", href: planUrl(planId) }, texts.toPlan));
}

/** The outcome of a renewal or a change of plan. @param {import("./checkout-api.js").Payment} payment @param {string} planId @returns {Promise<HTMLElement[]>} */
export async function renewalOutcome(payment, planId) {
  const subscription = await api.subscriptionAfter(payment);
  const [title, text] = renewalWords(payment, await api.changesPlan(payment));
  const { renewalPaymentId } = subscription;
  const next = hasEnded(subscription)
    ? h("a", { class: "button primary", href: planUrl(planId) }, texts.toPlan)
    : renewalPaymentId && h("a", { class: "button primary", href: checkoutUrl(planId, renewalPaymentId) }, t("billing-pay-now"));
  return shown(title, [text, nextWords(subscription)], next, h("a", { class: next ? "button" : "button primary", href: "/billing.html" }, t("plans-billing")));
}
