/**
 * Checkout: one page from the price to the confirmed payment. A reload continues where it was.
 * @module
 */

import "../ui/site-header.ts";
import { Problem, stayDuring } from "../api/client.ts";
import { clearBannerOf, clearProblem } from "../ui/banner.ts";
import { byId, h, write } from "../ui/dom.ts";
import { offerReload, showError, signInAdvice } from "../ui/forms.ts";
import * as plans from "../plans/plan-api.ts";
import { planUrl } from "../plans/plan-card.ts";
import { money, priceIn, priceTag, taxWords, type PlanContent, type PlanPrice } from "../plans/prices.ts";
import { offerRegions, region } from "../plans/regions.ts";
import { texts as planTexts } from "../plans/texts.ts";
import * as api from "./checkout-api.ts";
import { Coupon, refusesCoupon } from "./coupon.ts";
import { changeMethod } from "./method.ts";
import { firstOutcome, renewalOutcome, withdrawnOutcome } from "./outcome.ts";
import { payForm, type PayForm } from "./pay-forms.ts";
import { texts } from "./texts.ts";
import type { Payment, Quote } from "./checkout-api.ts";

type Step = "order" | "paying" | "outcome";

const parameters = new URLSearchParams(location.search);
let planId = parameters.get("plan") ?? "";

/** Pause between questions for the outcome, and after which the page says that it takes long. */
const PAUSE_MS = 1500;
const SLOW_MS = 20_000;

let payment: Payment | null = null;
/** Whether the subscription begins with the payment. */
let isFirst = true;
let form: PayForm | null = null;
/** Offered version of the plan. */
let content: PlanContent | null = null;
let shown: PlanPrice | Quote | null = null;
let coupon: Coupon | null = null;
/** Code of the problem in the banner that asks the user to sign in; "" if there is none. */
let signInProblem = "";
/** Gateways send the browser back with their intent, or with the payment alone. */
const isBack = parameters.has("payment_intent") || (!planId && parameters.has("payment"));
/** Whether the user has paid at the gateway, so that the outcome is awaited; since when. */
let paidAtMs = isBack ? performance.now() : 0;
/** Whether the bank carries out a debit, so that nothing is to pay meanwhile. */
let isProcessing = false;

function show(step: Step) {
  for (const each of ["order", "paying", "outcome"]) byId(each).hidden = each !== step;
}

/** Run an action of a button once at a time. */
function onPress(id: string, act: () => Promise<void>) {
  const button = byId(id);
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    clearProblem();
    signInProblem = "";
    button.setAttribute("aria-disabled", "true");
    try {
      await act();
    } catch (error) {
      showError(error);
    } finally {
      button.setAttribute("aria-disabled", "false");
    }
  });
}

const amountOf = ({ amount, currency }: Payment) => money(amount, currency);

const isUnpaid = ({ status }: Payment) => status === "pending" || status === "requires_action";

/** Show the price in the region, with the coupon, before there is a payment. */
async function showOrder() {
  if (!content || !coupon) return;
  const { billingMonths, prices } = content;
  const chosen = region();
  const price = priceIn(content, chosen);
  const reduced = price && await coupon.quote(chosen);
  if (chosen !== region()) return; // the price in another region is on its way
  shown = reduced ?? price;
  byId("price").replaceChildren(priceTag(content, chosen));
  byId("terms").textContent = shown && price ? [texts.today(money(shown.amount, shown.currency)), taxWords(price, shown), planTexts.renewal(billingMonths)].filter(Boolean).join(" ") : prices.length ? texts.notSold : texts.free;
  byId("coupon").hidden = !price;
  coupon.show(reduced, billingMonths);
  byId("begin").setAttribute("aria-disabled", String(!shown));
}

/** Create the payment of the price that is shown. @returns null if nothing is to pay, undefined if the user must look again */
async function beginPayment(): Promise<Payment | null | undefined> {
  if (!shown || !coupon) return undefined;
  try {
    return await api.begin(planId, region(), shown, coupon.code);
  } catch (error) {
    if (refusesCoupon(error)) {
      coupon.refuse(error);
      await showOrder();
      coupon.focus();
    } else if (error instanceof Problem && error.code === "plan.price_changed") {
      content = (await plans.plan(planId)).offered;
      await showOrder();
      byId("changed").textContent = texts.changed;
    } else throw error;
    return undefined;
  }
}

/** Show a payment: how to pay it, or what has happened. */
async function showPayment(now: Payment) {
  const before = payment;
  payment = now;
  if (!isUnpaid(now)) return showOutcome(now);
  show("paying");
  byId("cancel").hidden = !isFirst; // a subscription that has begun is cancelled on the billing page
  byId("paying-title").textContent = texts.pay(amountOf(now));
  byId("route").textContent = now.gateway ? texts.route(now.routeReason, now.gateway) : "";
  if (!form) await prepare(now);
  if (now.declineReason && now.declineReason !== before?.declineReason && (before || !isProcessing)) declined(now.declineReason);
}

/** Load the form of the gateway; while it has no intent yet, the next question tries again. */
async function prepare(now: Payment) {
  try {
    const intent = await api.intent(now.paymentId);
    form = await payForm(intent, byId("card"));
    byId("pay").textContent = intent.kind === "client_secret" ? texts.pay(amountOf(now)) : texts.continueAt(intent.gateway);
    byId("pay").hidden = false;
    byId("waiting").textContent = paidAtMs ? texts.paying : "";
  } catch (error) {
    if (api.saysProcessing(error)) showProcessing();
    else if (error instanceof Problem && error.code === "payment.not_payable") byId("waiting").textContent = texts.preparing;
    else throw error;
  }
}

function showProcessing() {
  paidAtMs = 0;
  isProcessing = byId("pay").hidden = byId("card").hidden = true;
  byId("waiting").textContent = texts.processing(!isFirst);
}

function declined(reason: string) {
  paidAtMs = 0;
  isProcessing = byId("pay").hidden = byId("card").hidden = false;
  byId("waiting").textContent = "";
  byId("declined").textContent = texts.decline(reason);
}

/** @param over null if nothing had to be paid */
async function showOutcome(over: Payment | null) {
  const result = over ?? { status: "succeeded", failReason: null };
  const words = over && !isFirst ? await renewalOutcome({ ...over, isProcessing }, planId) : await firstWords({ ...result, isProcessing });
  show("outcome");
  byId("outcome").replaceChildren(...words);
  byId("outcome-title").focus();
  if (isFirst && result.status === "succeeded") coupon?.forget();
}

/** Words of the outcome of a first payment, which can be cancelled because the plan is gone. */
async function firstWords(result: Parameters<typeof firstOutcome>[0]) {
  const isWithdrawn = result.failReason === "cancelled" && !await offered();
  return isWithdrawn ? withdrawnOutcome(result) : firstOutcome(result, planId, again);
}

function again() {
  location.replace(`/checkout.html?${new URLSearchParams({ plan: planId })}`);
}

/** Ask for the outcome until there is one, which the webhook of the gateway brings. If that requires signing in, the page stays, with the card. */
async function follow() {
  while (payment && isUnpaid(payment)) {
    await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
    if (document.hidden && !paidAtMs) continue;
    if (paidAtMs && performance.now() - paidAtMs > SLOW_MS) write("waiting", texts.slow(!isFirst));
    try {
      const { paymentId } = payment;
      const now = await stayDuring(() => api.payment(paymentId));
      if (signInProblem) clearBannerOf(signInProblem);
      signInProblem = "";
      if (!isUnpaid(now) || now.declineReason !== payment.declineReason || (!form && !isProcessing)) await showPayment(now);
      else payment = now;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (!form || !isUnpaid(payment)) { offerReload(error); return; }
      if (signInProblem || !signInAdvice(error)) continue;
      signInProblem = error.code;
      showError(error);
    } // otherwise the connection may come back
  }
}

/** The plan as it is offered. Once it is withdrawn, it is unknown, but its payments can still be paid. */
async function offered() {
  try {
    return (await plans.plan(planId)).offered;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

async function open() {
  const named = parameters.get("payment"); // such as a renewal
  if (!planId && !named) throw new Problem({ title: texts.gone, status: 404 });
  if (!planId) planId = await api.planOf(named ?? ""); // back from the gateway's page
  content = await offered();
  const latest = await (named ? api.payment(named) : api.latestPayment(planId));
  if (!latest && await plans.coveringSubscription(await plans.enrollmentIn(planId))) return location.replace(planUrl(planId)); // nothing is to pay
  if (content) {
    byId("plan-title").replaceChildren(h("bdi", null, content.title));
    coupon = new Coupon(planId, showOrder);
    offerRegions(byId<"select">("region"), () => void showOrder().catch(showError));
    if (!latest) await showOrder();
  } else if (!latest) throw new Problem({ title: texts.gone, status: 404 });
  onPress("begin", async () => {
    const begun = await beginPayment();
    if (begun === undefined) return;
    if (begun === null) return showOutcome(null);
    byId("changed").textContent = "";
    await showPayment(begun);
    void follow();
    byId("paying-title").focus();
  });
  onPress("pay", async () => {
    byId("declined").textContent = "";
    byId("waiting").textContent = texts.paying;
    const reason = await form?.pay();
    if (reason) declined(reason);
    else if (payment && await api.isProcessing(payment.paymentId)) showProcessing();
    else paidAtMs = performance.now();
  });
  onPress("cancel", async () => {
    if (!payment) return;
    const { position } = await api.cancel(payment);
    await showPayment(await api.payment(payment.paymentId, position));
  });
  byId("back").setAttribute("href", planUrl(planId));
  if (latest) {
    isFirst = await api.beginsSubscription(latest);
    await showPayment(latest);
    void follow();
  } else show("order");
}

addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); }); // back from the gateway's page
const subscriptionId = parameters.get("subscription"); // whose method is changed
(subscriptionId ? changeMethod(subscriptionId, onPress) : open()).catch(offerReload);
