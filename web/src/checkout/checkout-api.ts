/**
 * API calls of the checkout. The state is on the server: a user has at most one enrollment in a plan, and a reload finds its payment.
 * @module
 */

import { Problem, request, send, stayDuring, type Schemas } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import * as plans from "../plans/plan-api.ts";
import type { PlanPrice } from "../plans/prices.ts";

export type Payment = Schemas["Payment"];
export type Intent = Schemas["PayableIntent"];
export type Quote = Schemas["PlanQuote"];
type Shown = {amountMinor: number, currency: PlanPrice["currency"]};

const RECENT = "20";

/** Payments and subscriptions change together, but each list can be a moment behind. */
const QUESTIONS = 5;
const QUESTION_PAUSE_MS = 500;

/** Key of the enrollment: after a lost answer, the same choice creates no second payment. */
const key = new RetryKey();

/**
 * Create the enrollment, its subscription and its first payment, or return the payment that was created before, also in another tab.
 * @param shown the server refuses another price @returns null if an earlier subscription still pays for the plan
 */
export async function begin(planId: string, region: Schemas["Enroll"]["region"], { amountMinor, currency }: Shown, couponCode: string | null): Promise<Payment | null> {
  try {
    const { paymentId, position } = await plans.enroll(planId, key, { region, shownPrice: { amountMinor, currency }, ...(couponCode !== null && { couponCode }) });
    return paymentId === null || paymentId === undefined ? null : await payment(paymentId, position);
  } catch (error) {
    const begun = error instanceof Problem && error.code === "enrollment.exists" ? await latestPayment(planId) : null;
    if (!begun) throw error;
    return begun;
  }
}

/** The price of a plan with a coupon. @throws {Problem} */
export function quote(planId: string, region: string, coupon: string): Promise<Quote> {
  return request(`/v1/plans/${encodeURIComponent(planId)}/price?${new URLSearchParams({ region, coupon })}`);
}

/** The payment of an enrollment that waits for it or began with it, or null. */
export async function latestPayment(planId: string): Promise<Payment | null> {
  const enrollment = await plans.enrollmentIn(planId);
  if (!enrollment?.subscriptionId || !["pending_payment", "active"].includes(enrollment.status)) return null;
  const { items } = await plans.listPage("/v1/payments", { first: RECENT });
  return items.find((each: Payment) => each.subscriptionId === enrollment.subscriptionId) ?? null;
}

export function payment(id: string, position: number | null = null): Promise<Payment> {
  return request(`/v1/payments/${encodeURIComponent(id)}`, plans.after(position));
}

/** @throws {Problem} */
export function subscription(id: string): Promise<Schemas["Subscription"]> {
  return request(`/v1/subscriptions/${encodeURIComponent(id)}`);
}

/** What the browser needs to give another method; the same until one is stored. @param id of the subscription @throws {Problem} */
export function methodSetup(id: string): Promise<Intent> {
  return request(`/v1/subscriptions/${encodeURIComponent(id)}/method-setup`);
}

/** Charge renewals to the method of a setup. @param id of the subscription @param reference of the setup @throws {Problem} while the gateway does not have the method */
export function storeMethod(id: string, reference: string): Promise<{position: number}> {
  return send("POST", `/v1/subscriptions/${encodeURIComponent(id)}/method`, { reference }, { "Idempotency-Key": `${id}-${reference}` });
}

/** The subscription of a renewal or a change of plan that is over, once it has taken note of it. */
export async function subscriptionAfter({ paymentId, subscriptionId }: Payment): Promise<Schemas["Subscription"]> {
  for (let question = 1; ; question += 1) {
    const found = await subscription(subscriptionId);
    const isNoted = found.renewalPaymentId !== paymentId && found.changePaymentId !== paymentId;
    if (isNoted || question === QUESTIONS) return found;
    await new Promise((resolve) => { setTimeout(resolve, QUESTION_PAUSE_MS); });
  }
}

/** What has happened to the subscription of a payment. */
async function factsOf({ subscriptionId }: Payment): Promise<Schemas["SubscriptionFact"][]> {
  const { items } = await request(`/v1/subscriptions/${encodeURIComponent(subscriptionId)}/facts`);
  return items;
}

/** Whether a payment is for a change of plan. */
export async function changesPlan(payment: Payment): Promise<boolean> {
  const facts = await factsOf(payment);
  return facts.some(({ event, paymentId }) => event === "subscription.plan_change_started" && paymentId === payment.paymentId);
}

/** Whether a subscription begins with a payment. One with a trial has begun before. */
export async function beginsSubscription(payment: Payment): Promise<boolean> {
  if (payment.renewal) return false;
  const facts = await factsOf(payment);
  return !facts.some(({ event }) => event === "subscription.trial_started");
}

/** The plan that a payment pays. */
export async function planOf(paymentId: string): Promise<string> {
  const { subscriptionId } = await payment(paymentId);
  const { planId } = await request(`/v1/subscriptions/${encodeURIComponent(subscriptionId)}`);
  return planId;
}

/** What the browser needs to pay. */
export function intent(id: string): Promise<Intent> {
  return request(`/v1/payments/${encodeURIComponent(id)}/intent`);
}

/** Whether a problem of `intent` says that the bank carries out a debit, which takes days. */
export const saysProcessing = (error: unknown) => error instanceof Problem && error.code === "payment.processing";

/** Whether the bank carries out a debit. The page stays, also if the sign-in has ended: the card has just been charged. */
export function isProcessing(id: string): Promise<boolean> {
  return stayDuring(() => intent(id)).then(() => false, saysProcessing);
}

/** Cancel the first payment with its subscription; if it is completed at this moment, the subscription goes on to the end of its period. */
export function cancel({ paymentId, subscriptionId }: Payment): Promise<{position: number}> {
  return send("POST", `/v1/subscriptions/${encodeURIComponent(subscriptionId)}/cancel`, { atOnce: false }, { "Idempotency-Key": `${paymentId}-cancel` });
}
