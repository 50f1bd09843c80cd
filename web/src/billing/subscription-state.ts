/**
 * State of a subscription in words: what it will do next, and when.
 * @module
 */

import { day } from "../i18n/format.ts";
import { money, priceWords } from "../plans/prices.ts";
import { texts } from "./texts.ts";
import type { Schemas } from "../api/client.ts";

export type Subscription = Schemas["Subscription"];

const DAY_MS = 86_400_000;

/** Price of a period. */
const priceOf = ({ amount, currency }: Subscription) => money(amount, currency);

/** What the next period costs, with the coupon if there is one. */
export const nextPriceOf = ({ nextAmount, currency }: Subscription) => money(nextAmount, currency);

/** For how many payments the coupon reduces the price, and what they cost after that; "" without one. @param later price of a period */
export function discountWords(of: Subscription, later: string) {
  const { couponId, discountedPeriodsLeft, endsAt, changePlanId, changesAt, changeAmount, changeBillingMonths, currency } = of;
  if (!couponId || endsAt || (changePlanId && !changesAt)) return "";
  if (!changesAt) return texts.discount(couponId, discountedPeriodsLeft, nextPriceOf(of), priceOf(of), later);
  const price = { amount: changeAmount ?? "0", currency };
  return texts.discount(couponId, discountedPeriodsLeft, nextPriceOf(of), money(price.amount, currency), priceWords(price, changeBillingMonths ?? 1));
}

/** Whether the paid period or the trial is over. */
export const isOver = ({ renewsAt }: Subscription) => renewsAt !== null && Date.parse(renewsAt) <= Date.now();

/** Whether a subscription has ended. */
export const hasEnded = ({ status }: Subscription) => status === "canceled" || status === "expired";

/** Whether the money of a period that was paid ahead was returned: the subscription ends before it. */
const isNextReturned = ({ endsAt, renewsAt }: Subscription) => endsAt !== null && renewsAt !== null && Date.parse(endsAt) < Date.parse(renewsAt);

/** Whether a pause under way can be ended early. */
export const canEndPause = ({ status, resumesAt }: Subscription) => status === "paused" && resumesAt !== null && Date.parse(resumesAt) > Date.now();

/** Whether the payment after a pause has failed, and can be tried again at once. */
export const canRetryAfterPause = (of: Subscription) => of.status === "paused" && of.retryAt !== null && !of.renewalPaymentId && !canEndPause(of);

/** Whether no other payment by hand is offered before access ends. */
export const isLastUnpaid = ({ chargedBy, retryAt, renewsAt }: Subscription) => !chargedBy && retryAt !== null && retryAt === renewsAt;

/** Name of the state. */
export function stateName({ status, isTrial }: Subscription) {
  return texts.state(isTrial && status === "active" ? "trial" : status);
}

/** What a subscription will do next. */
export function stateWords(of: Subscription): string {
  const { status, renewsAt, retryAt, endsAt, endReason, pausesAt, resumesAt, isTrial, chargedBy, renewalPaymentId, renewalNeedsAction } = of;
  if (status === "pending_payment") return texts.unpaid;
  if (hasEnded(of)) return texts.ended(day(endsAt ?? ""), endReason ?? "cancelled");
  if (endsAt) return endWords(of);
  if (status === "paused") return pausedWords(of);
  if (pausesAt && resumesAt) return texts.pauses(day(pausesAt), day(resumesAt));
  if (renewalNeedsAction && chargedBy) return texts.bankWantsUser(nextPriceOf(of));
  if (isTrial && renewsAt) return trialWords(of);
  if (renewalPaymentId && !chargedBy) return texts.byHand;
  if (status === "past_due" && retryAt) return pastDueWords(of, retryAt);
  return renewsAt ? (chargedBy ? texts.renews : texts.renewsByHand)(day(renewsAt)) : "";
}

/** When an unpaid renewal is charged again, or can be paid again, if at all. */
function pastDueWords(of: Subscription, retryAt: string) {
  if (isLastUnpaid(of)) return texts.unpaidUntil(day(retryAt));
  return (of.chargedBy ? texts.retry : texts.retryByHand)(day(retryAt));
}

/** Until when a subscription lasts that does not renew. */
export function endWords(of: Subscription) {
  return (isNextReturned(of) ? texts.endsAfterRefund : texts.ends)(day(of.endsAt ?? ""));
}

/** When a pause ends, and with which payment. */
function pausedWords(of: Subscription) {
  const { retryAt, chargedBy, renewalPaymentId, resumesAt } = of;
  if (renewalPaymentId || (!retryAt && !canEndPause(of))) return texts.pausedDue(nextPriceOf(of));
  if (retryAt) return chargedBy ? texts.pausedRetry(day(retryAt)) : texts.pausedRetryByHand;
  return (chargedBy ? texts.paused : texts.pausedByHand)(day(resumesAt ?? ""), nextPriceOf(of));
}

/** Until when a trial is free, and what is charged then. */
function trialWords(of: Subscription) {
  const { renewsAt, chargedBy, renewalPaymentId } = of;
  const until = day(renewsAt ?? "");
  if (chargedBy) return texts.trial(until, nextPriceOf(of));
  return (renewalPaymentId ? texts.trialDue : texts.trialUnpaid)(until, nextPriceOf(of));
}

/** What a pause of some days would do. */
export function pausePreview(of: Subscription, days: number) {
  const from = Math.max(Date.parse(of.renewsAt ?? ""), Date.now());
  const preview = of.chargedBy ? texts.pausePreview : texts.pausePreviewByHand;
  return preview(day(from), day(from + days * DAY_MS), nextPriceOf(of));
}
