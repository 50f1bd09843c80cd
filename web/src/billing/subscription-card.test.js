// Billing and checkout say what is true of subscriptions that are paid by hand, and of changes of plan (R-PAY-05, R-PAY-14).
import assert from "node:assert/strict";
import { test } from "node:test";

import { serve } from "../testing/page.js";

const { subscriptionCard } = await import("./subscription-card.ts");
const { renewalOutcome } = await import("../checkout/outcome.ts");

const SUBSCRIPTION = {
  subscriptionId: "s1", userId: "u1", planId: "p1", planNumber: 1, status: "active", region: "Russia", amountMinor: 1999, amount: "19.99",
  currency: "USD", billingMonths: 1, createdAt: "2030-01-01T00:00:00Z", renewsAt: "2130-02-01T00:00:00Z", retryAt: null, endsAt: null,
  endReason: null, pausesAt: null, resumesAt: null, isTrial: false, changePlanId: null, changesAt: null, changePaymentId: null, changeBillingMonths: null,
  couponId: null, nextAmountMinor: 1999, nextAmount: "19.99", discountedPeriodsLeft: 0, chargedBy: null, canStoreMethod: true, renewalPaymentId: null,
  renewalNeedsAction: false, canResume: false,
};

/** Words of the card of a subscription, and its links. */
function card(change) {
  const shown = subscriptionCard({ ...SUBSCRIPTION, ...change }, "Strong", null, async () => {});
  return [shown.textContent, shown.all("a").map((each) => each.textContent)];
}

test("a subscription without a stored method does not renew by itself", () => {
  const [words, links] = card({});
  assert.match(words, /Paid until .*Nothing is charged by itself/);
  assert.doesNotMatch(words, /Renews on/);
  assert.ok(links.includes("Add payment method"));
  const [charged, others] = card({ chargedBy: "yookassa" });
  assert.match(charged, /Renews on/);
  assert.ok(others.includes("Change payment method"));
  assert.ok(!card({ canStoreMethod: false })[1].includes("Add payment method"), "no gateway would store it");
});

test("a renewal by hand that cannot be paid again before access ends promises no other payment", () => {
  const unpaid = { status: "past_due", retryAt: SUBSCRIPTION.renewsAt };
  const [words] = card(unpaid);
  assert.match(words, /You keep access until Feb 1, 2130\. After that, you can start a new subscription\./);
  assert.doesNotMatch(words, /pay again/);
  assert.match(card({ ...unpaid, retryAt: "2130-02-03T00:00:00Z" })[0], /You can pay again from Feb 3, 2130/);
  assert.match(card({ ...unpaid, chargedBy: "stripe" })[0], /We try again on Feb 1, 2130/);
});

test("a failed payment after a pause can be tried again", () => {
  const failed = { status: "paused", resumesAt: "2020-01-01T00:00:00Z", retryAt: "2130-02-03T00:00:00Z", canResume: true };
  for (const chargedBy of [null, "stripe"]) assert.match(card({ ...failed, chargedBy })[0], /Pay \$19\.99 now/);
  assert.doesNotMatch(card({ ...failed, renewalPaymentId: "s1.2" })[0], /Pay \$19\.99 now/);
  const paused = card({ ...failed, resumesAt: "2130-02-01T00:00:00Z", retryAt: null })[0];
  assert.match(paused, /End the pause now/);
  assert.doesNotMatch(paused, /Pay \$19\.99 now/);
});

test("the outcome of the last payment by hand says when access ends", async () => {
  serve(({ path }) => (path.endsWith("/facts") ? [200, { items: [{ event: "subscription.renewal_started", paymentId: "s1.2" }] }] : [200, { ...SUBSCRIPTION, status: "past_due", retryAt: SUBSCRIPTION.renewsAt }]));
  const outcome = await renewalOutcome({ paymentId: "s1.2", subscriptionId: "s1", status: "failed", failReason: "declined" }, "p1");
  const words = outcome.map((each) => each.textContent).join(" ");
  assert.match(words, /You keep access until Feb 1, 2130/);
  assert.doesNotMatch(words, /pay again/);
});

test("a renewal by hand that expired after its bank refused it says why", async () => {
  serve(({ path }) => (path.endsWith("/facts") ? [200, { items: [{ event: "subscription.renewal_started", paymentId: "s1.2" }] }] : [200, { ...SUBSCRIPTION, status: "past_due" }]));
  const outcome = await renewalOutcome({ paymentId: "s1.2", subscriptionId: "s1", status: "failed", failReason: "expired", declineReason: "insufficient_funds" }, "p1");
  const words = outcome.map((each) => each.textContent).join(" ");
  assert.match(words, /The renewal was not paid.*not enough money/);
  assert.doesNotMatch(words, /open for too long/);
});

test("a scheduled change names its price, and for how many payments a coupon reduces it", () => {
  const scheduled = { changePlanId: "less", changesAt: SUBSCRIPTION.renewsAt, changeAmount: "8.00", changeBillingMonths: 12, couponId: "SUMMER", nextAmount: "6.00", discountedPeriodsLeft: 1 };
  const [words] = card(scheduled);
  assert.match(words, /for \$8\.00 a year\./);
  assert.match(words, /With SUMMER, your next payment is \$6\.00 instead of \$8\.00\. After that, \$8\.00 a year/);
  const [unpaid] = card({ ...scheduled, changesAt: null, changePaymentId: "s1.plan.1" });
  assert.doesNotMatch(unpaid, /SUMMER/);
});

test("a subscription whose plan is gone offers no way to resume it", () => {
  const cancelled = { endsAt: SUBSCRIPTION.renewsAt };
  const paused = { status: "paused", pausesAt: "2020-01-01T00:00:00Z", resumesAt: "2130-02-01T00:00:00Z" };
  const failed = { ...paused, resumesAt: "2020-02-01T00:00:00Z", retryAt: "2130-02-03T00:00:00Z" };
  for (const [change, label] of [[cancelled, /Resume subscription/], [paused, /End the pause now/], [failed, /Pay \$19\.99 now/]]) {
    assert.match(card({ ...change, canResume: true })[0], label);
    assert.doesNotMatch(card({ ...change, canResume: false })[0], label);
  }
});

test("a subscription that ends after a refund says until when, and how to go on", () => {
  assert.match(card({ endsAt: SUBSCRIPTION.renewsAt, canResume: true })[0], /Canceled\. .*Resume subscription/);
  const [returned] = card({ endsAt: "2130-01-01T00:00:00Z" });
  assert.match(returned, /You keep access until Jan 1, 2130\. After that, you can start a new subscription\./);
  assert.doesNotMatch(returned, /Resume subscription/);
});

for (const [event, status, words] of [
  ["subscription.plan_change_started", "succeeded", "Your plan is changed"],
  ["subscription.plan_change_started", "failed", "The change of plan was not paid"],
  ["subscription.renewal_started", "succeeded", "The renewal is paid"],
  ["subscription.renewal_started", "failed", "The renewal was not paid"],
]) {
  test(`a payment of ${event} that ${status} says what it was for`, async () => {
    let isNoted = false;
    serve(({ path }) => {
      if (path.endsWith("/facts")) return [200, { items: [{ event, paymentId: "s1.2" }, { event: "subscription.plan_change_started", paymentId: "s1.1" }] }];
      const open = event.includes("change") ? { changePaymentId: "s1.2" } : { renewalPaymentId: "s1.2" };
      const now = { ...SUBSCRIPTION, ...(!isNoted && open) };
      isNoted = true;
      return [200, now];
    });
    const [title, ...others] = await renewalOutcome({ paymentId: "s1.2", subscriptionId: "s1", status, failReason: status === "failed" ? "declined" : null }, "p1");
    assert.equal(title.textContent, words);
    assert.match(others.map((each) => each.textContent).join(" "), /is paid until/);
  });
}
