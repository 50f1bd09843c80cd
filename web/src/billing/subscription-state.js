/**
 * State of a subscription in words: what it will do next, and when.
 * @module
 */

import { day } from "../i18n/format.js";
import { money } from "../plans/prices.js";
import { texts } from "./texts.js";

/** @typedef {import("../api/client.js").Schemas["Subscription"]} Subscription */

const DAY_MS = 86_400_000;

/** Price of a period. @param {Subscription} of */
export const priceOf = ({ amount, currency }) => money(amount, currency);

/** What the next period costs, with the coupon if there is one. @param {Subscription} of */
export const nextPriceOf = ({ nextAmount, currency }) => money(nextAmount, currency);

/** For how many payments the coupon reduces the price, and what they cost after that; "" without one. @param {Subscription} of @param {string} later price of a period */
export function discountWords(of, later) {
  const { couponId, discountedPeriodsLeft, endsAt, changePlanId } = of;
  if (!couponId || endsAt || changePlanId) return "";
  return texts.discount(couponId, discountedPeriodsLeft, nextPriceOf(of), priceOf(of), later);
}

/** Whether the paid period or the trial is over. @param {Subscription} of */
export const isOver = ({ renewsAt }) => renewsAt !== null && Date.parse(renewsAt) <= Date.now();

/** Whether a subscription has ended. @param {Subscription} of */
export const hasEnded = ({ status }) => status === "canceled" || status === "expired";

/** Whether a pause under way can be ended early. @param {Subscription} of */
export const canEndPause = ({ status, resumesAt }) => status === "paused" && resumesAt !== null && Date.parse(resumesAt) > Date.now();

/** Name of the state. @param {Subscription} of */
export function stateName({ status, isTrial }) {
  return texts.state(isTrial && status === "active" ? "trial" : status);
}

/** What a subscription will do next. @param {Subscription} of @returns {string} */
export function stateWords(of) {
  const { status, renewsAt, retryAt, endsAt, endReason, pausesAt, resumesAt, isTrial, chargedBy, renewalPaymentId } = of;
  if (status === "pending_payment") return texts.unpaid;
  if (hasEnded(of)) return texts.ended(day(endsAt ?? ""), endReason ?? "cancelled");
  if (endsAt) return texts.ends(day(endsAt));
  if (status === "paused") return pausedWords(of);
  if (pausesAt && resumesAt) return texts.pauses(day(pausesAt), day(resumesAt));
  if (isTrial && renewsAt) return trialWords(of);
  if (renewalPaymentId && !chargedBy) return texts.byHand;
  if (status === "past_due" && retryAt) return (chargedBy ? texts.retry : texts.retryByHand)(day(retryAt));
  return renewsAt ? (chargedBy ? texts.renews : texts.renewsByHand)(day(renewsAt)) : "";
}

/** When a pause ends, and with which payment. @param {Subscription} of */
function pausedWords(of) {
  const { retryAt, chargedBy, renewalPaymentId, resumesAt } = of;
  if (renewalPaymentId || (!retryAt && !canEndPause(of))) return texts.pausedDue(nextPriceOf(of));
  if (retryAt) return (chargedBy ? texts.pausedRetry : texts.pausedRetryByHand)(day(retryAt));
  return (chargedBy ? texts.paused : texts.pausedByHand)(day(resumesAt ?? ""), nextPriceOf(of));
}

/** Until when a trial is free, and what is charged then. @param {Subscription} of */
function trialWords(of) {
  const { renewsAt, chargedBy, renewalPaymentId } = of;
  const until = day(renewsAt ?? "");
  if (chargedBy) return texts.trial(until, nextPriceOf(of));
  return (renewalPaymentId ? texts.trialDue : texts.trialUnpaid)(until, nextPriceOf(of));
}

/** What a pause of some days would do. @param {Subscription} of @param {number} days */
export function pausePreview(of, days) {
  const from = Math.max(Date.parse(of.renewsAt ?? ""), Date.now());
  const preview = of.chargedBy ? texts.pausePreview : texts.pausePreviewByHand;
  return preview(day(from), day(from + days * DAY_MS), nextPriceOf(of));
}
