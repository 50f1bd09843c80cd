/**
 * API calls of the checkout. The state is on the server; this browser keeps only the key of the enrollment.
 * @module
 */

import { request, send } from "../api/client.js";
import { uniqueKey } from "../ui/dom.js";
import * as plans from "../plans/plan-api.js";

/** @typedef {import("../api/client.js").Schemas["Payment"]} Payment */
/** @typedef {import("../api/client.js").Schemas["PayableIntent"]} Intent */
/** @typedef {import("../api/client.js").Schemas["PlanQuote"]} Quote */
/** @typedef {{amountMinor: number, currency: import("../plans/prices.js").PlanPrice["currency"]}} Shown */

const RECENT = "20";

/** Payments and subscriptions change together, but each list can be a moment behind. */
const QUESTIONS = 5;
const QUESTION_PAUSE_MS = 500;

/** Key of the enrollment in a plan: reloading and pressing twice create one payment. @param {string} planId */
function keyOf(planId) {
  const name = `kinelog.checkout.${planId}`;
  const key = sessionStorage.getItem(name) ?? uniqueKey();
  sessionStorage.setItem(name, key);
  return key;
}

/** Forget the key, so that the next attempt is a new payment. @param {string} planId */
export function forgetKey(planId) {
  sessionStorage.removeItem(`kinelog.checkout.${planId}`);
}

/**
 * Create the enrollment, its subscription and its first payment, or return what was created before.
 * @param {string} planId @param {string} region @param {Shown} shown the server refuses another price @param {string | null} couponCode
 * @returns {Promise<Payment | null>} null if an earlier subscription still pays for the plan
 */
export async function begin(planId, region, { amountMinor, currency }, couponCode) {
  const { paymentId, position } = await plans.enroll(planId, keyOf(planId), { region, shownPrice: { amountMinor, currency }, ...(couponCode !== null && { couponCode }) });
  return paymentId === null || paymentId === undefined ? null : payment(paymentId, position);
}

/** The price of a plan with a coupon. @param {string} planId @param {string} region @param {string} coupon @returns {Promise<Quote>} @throws {Problem} */
export function quote(planId, region, coupon) {
  return request(`/v1/plans/${encodeURIComponent(planId)}/price?${new URLSearchParams({ region, coupon })}`);
}

/** The payment of an enrollment that waits for it or began with it, or null. @param {string} planId @returns {Promise<Payment | null>} */
export async function latestPayment(planId) {
  const enrollment = await plans.enrollmentIn(planId);
  if (!enrollment?.subscriptionId || !["pending_payment", "active"].includes(enrollment.status)) return null;
  const { items } = await plans.listPage("/v1/payments", { first: RECENT });
  return items.find((/** @type {Payment} */ each) => each.subscriptionId === enrollment.subscriptionId) ?? null;
}

/** @param {string} id @param {number | null} [position] @returns {Promise<Payment>} */
export function payment(id, position = null) {
  return request(`/v1/payments/${encodeURIComponent(id)}`, plans.after(position));
}

/** @param {string} id @returns {Promise<import("../api/client.js").Schemas["Subscription"]>} @throws {Problem} */
export function subscription(id) {
  return request(`/v1/subscriptions/${encodeURIComponent(id)}`);
}

/** What the browser needs to give another method; the same until one is stored. @param {string} id of the subscription @returns {Promise<Intent>} @throws {Problem} */
export function methodSetup(id) {
  return request(`/v1/subscriptions/${encodeURIComponent(id)}/method-setup`);
}

/** Charge renewals to the method of a setup. @param {string} id of the subscription @param {string} reference of the setup @returns {Promise<{position: number}>} @throws {Problem} while the gateway does not have the method */
export function storeMethod(id, reference) {
  return send("POST", `/v1/subscriptions/${encodeURIComponent(id)}/method`, { reference }, { "Idempotency-Key": `${id}-${reference}` });
}

/** The subscription of a renewal or a change of plan that is over, once it has taken note of it. @param {Payment} payment @returns {Promise<import("../api/client.js").Schemas["Subscription"]>} */
export async function subscriptionAfter({ paymentId, subscriptionId }) {
  for (let question = 1; ; question += 1) {
    const found = await subscription(subscriptionId);
    const isNoted = found.renewalPaymentId !== paymentId && found.changePaymentId !== paymentId;
    if (isNoted || question === QUESTIONS) return found;
    await new Promise((resolve) => { setTimeout(resolve, QUESTION_PAUSE_MS); });
  }
}

/** Whether a payment is for a change of plan. @param {Payment} payment @returns {Promise<boolean>} */
export async function changesPlan({ paymentId, subscriptionId }) {
  const { items } = await request(`/v1/subscriptions/${encodeURIComponent(subscriptionId)}/facts`);
  return items.some((/** @type {import("../api/client.js").Schemas["SubscriptionFact"]} */ fact) => fact.event === "subscription.plan_change_started" && fact.paymentId === paymentId);
}

/** The plan that a payment pays. @param {string} paymentId @returns {Promise<string>} */
export async function planOf(paymentId) {
  const { subscriptionId } = await payment(paymentId);
  const { planId } = await request(`/v1/subscriptions/${encodeURIComponent(subscriptionId)}`);
  return planId;
}

/** What the browser needs to pay. @param {string} id @returns {Promise<Intent>} */
export function intent(id) {
  return request(`/v1/payments/${encodeURIComponent(id)}/intent`);
}

/** Cancel the first payment with its subscription; if it is completed at this moment, the subscription goes on to the end of its period. @param {Payment} payment @returns {Promise<{position: number}>} */
export function cancel({ paymentId, subscriptionId }) {
  return send("POST", `/v1/subscriptions/${encodeURIComponent(subscriptionId)}/cancel`, { atOnce: false }, { "Idempotency-Key": `${paymentId}-cancel` });
}
