/**
 * Plan page: what a plan prescribes, what it costs, and starting it.
 * @module
 */

import "../ui/site-header.ts";
import { Problem, type Schemas } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import { day } from "../i18n/format.ts";
import { announce, byId, fieldOf, h } from "../ui/dom.ts";
import { once } from "../ui/questions.ts";
import { offerReload, showError } from "../ui/forms.ts";
import { Coupon, refusesCoupon } from "../checkout/coupon.ts";
import { texts as checkoutTexts } from "../checkout/texts.ts";
import * as api from "./plan-api.ts";
import { leaving } from "./leaving.ts";
import { planFacts, trainerUrl } from "./plan-card.ts";
import { showWorkouts } from "./plan-workouts.ts";
import { priceIn, priceTag, priceWords, taxWords, type PlanContent, type PlanPrice } from "./prices.ts";
import { standing } from "./standing.ts";
import { offerRegions, region } from "./regions.ts";
import { texts } from "./texts.ts";
import { withheldTrial } from "./withheld-trial.ts";
import { trainerPermission } from "./trainer-permission.ts";
import type { Quote } from "../checkout/checkout-api.ts";

const planId = new URLSearchParams(location.search).get("plan") ?? "";

/** Codes of the problem that the user cannot have the trial, or no more. */
const TRIAL_OVER = new Set(["plan.no_trial", "plan.trial_used", "plan.trial_withheld"]);

/** Key of the enrollment: pressing twice enrolls once. */
let key = new RetryKey();

/** Offered version of the plan. */
let content: PlanContent;
/** Its number; 0 if the plan is no longer offered. */
let offeredNumber = 0;
/** The trainer of the plan. */
let trainerId = "";
/** Days of the trial that the user can have, or 0. */
let trialDays = 0;
/** Coupon for the payments after the trial. */
let coupon: Coupon | null = null;
/** The subscription that pays for the plan while the user is not on it. */
let covering: Schemas["Subscription"] | null = null;
/** Why the user cannot have the trial now, or null. */
let withheld: string | null = null;
/** What the first payment after the trial costs in the chosen region. */
let afterTrial: PlanPrice | Quote | null = null;

/** Show where the user stands in the plan, with the ways to leave it and to its billing. @param showLeft shows the page after it was left */
function showStanding(enrollment: api.Enrollment | null, isPaused: boolean, showLeft: (position: number) => Promise<void> | void) {
  const state = isPaused ? h("p", null, checkoutTexts.planPaused) : enrollment && standing(enrollment, null);
  const isActive = enrollment?.status === "active";
  byId("standing").hidden = state === null;
  byId("standing").replaceChildren(state ?? "");
  if (isActive && offeredNumber > 0 && enrollment.planNumber !== offeredNumber) byId("standing").append(h("p", null, texts.otherVersion(enrollment.planNumber, offeredNumber)));
  if (isActive) byId("standing").append(leaving(enrollment.enrollmentId, showLeft));
  if ((isActive || isPaused) && enrollment?.subscriptionId) byId("standing").append(h("p", null, billingLink()));
}

/** Show the user's state on the plan, or how to start it; all at once, because the caller may move the focus afterwards. @param position that a change has written */
async function showStart(position: number | null = null) {
  const enrollment = await api.enrollmentIn(planId, position);
  [covering, withheld] = await Promise.all([api.coveringSubscription(enrollment), trialDays > 0 ? withheldTrial() : null]);
  const isPaused = enrollment?.status === "paused" || covering?.status === "paused";
  const isOn = enrollment?.status === "active" || enrollment?.status === "pending_payment";
  const permission = isOn && (await trainerPermission(trainerId, enrollment.enrollmentId));
  showStanding(enrollment, isPaused, showLeft);
  if (permission) byId("standing").append(permission);
  byId("start-box").hidden = isOn || isPaused;
  showPrice(enrollment?.status === "completed");
}

function billingLink() {
  return h("a", { class: "plan-billing", href: "/billing.html" }, texts.billing);
}

function startWords(isAgain: boolean) {
  if (covering) return texts.startAgain;
  const price = priceIn(content, region());
  if (content.prices.length && price) return texts.subscribe(priceWords(price, content.billingMonths));
  return isAgain ? texts.startAgain : texts.start;
}

/** Offer the plan again after it was left. */
async function showLeft(position: number) {
  key = new RetryKey();
  await showStart(position);
  byId("start").focus();
}

/** Show the price in the chosen region, or that nothing more is to pay. @param isAgain whether the user has finished the plan */
function showPrice(isAgain: boolean) {
  const price = priceIn(content, region());
  const costs = content.prices.length > 0 && !covering;
  byId("price").replaceChildren(covering ? h("p", null, checkoutTexts.covered(covering.endsAt && day(covering.endsAt))) : priceTag(content, region()));
  fieldOf("region").hidden = !costs;
  byId("start").setAttribute("aria-disabled", String(costs && !price));
  byId("start").textContent = startWords(isAgain);
  void showTrial().catch(showError);
  if (covering) {
    byId("terms").replaceChildren(billingLink());
    return;
  }
  const tax = price && taxWords(price, price);
  const terms = content.prices.length === 0 ? texts.freeTerms : price ? texts.renewal(content.billingMonths) : texts.notSoldAdvice;
  byId("terms").textContent = [tax, terms].filter(Boolean).join(" ");
}

/** Offer the trial where the plan is sold, with the coupon for the payments after it. */
async function showTrial() {
  const chosen = region();
  const price = priceIn(content, chosen);
  const hasTrial = trialDays > 0 && price !== null && covering === null;
  byId("trial").hidden = !hasTrial || withheld !== null;
  byId("trial-withheld").replaceChildren(...(hasTrial && withheld ? [h("p", null, withheld), billingLink()] : []));
  afterTrial = price;
  if (!price || byId("trial").hidden) return;
  byId("try").textContent = texts.tryFree(trialDays);
  byId("trial-terms").textContent = texts.trialTerms(priceWords(price, content.billingMonths));
  coupon ??= new Coupon(planId, showTrial, true);
  const reduced = await coupon.quote(chosen);
  if (chosen !== region()) return; // the price in another region is on its way
  afterTrial = reduced ?? price;
  coupon.show(reduced, content.billingMonths);
  if (reduced) byId("coupon").setAttribute("open", "");
}

/** Begin a plan for which nothing is to pay. */
async function start() {
  let position;
  try {
    ({ position } = await api.enroll(planId, key));
  } catch (error) {
    if (error instanceof Problem && error.code === "plan.region_required") await showStart(); // the subscription has ended meanwhile
    throw error;
  }
  const opens = covering !== null;
  await showStart(position);
  announce(texts.started);
  byId("standing").querySelector<HTMLElement>("a, button")?.focus();
  if (opens) await showWorkouts(content);
}

/** Begin the trial, then show the workouts that it opens. */
async function startTrial() {
  if (!afterTrial) return;
  byId("changed").textContent = "";
  const { amountMinor, currency } = afterTrial;
  const couponCode = coupon?.code ?? undefined;
  let position;
  try {
    ({ position } = await api.enroll(planId, key, { region: region(), shownPrice: { amountMinor, currency }, couponCode, trial: true }));
  } catch (error) {
    if (refusesCoupon(error)) {
      coupon?.refuse(error);
      await showTrial();
      coupon?.focus();
    } else if (error instanceof Problem && error.code === "plan.price_changed") {
      await load();
      showPrice(false);
      byId("changed").textContent = checkoutTexts.changed;
    } else if (error instanceof Problem && TRIAL_OVER.has(error.code)) {
      await load();
      await showStart();
      byId("start").focus();
      throw error;
    } else throw error;
    return;
  }
  coupon?.forget();
  await showStart(position);
  announce(texts.trialStarted);
  byId("standing").querySelector<HTMLElement>("a, button")?.focus();
  await showWorkouts(content);
}

async function showHead() {
  byId("title").replaceChildren(h("bdi", null, content.title));
  document.title = `${content.title} · Kinelog`;
  byId("description").textContent = content.description;
  byId("facts").replaceChildren(planFacts(content));
  byId("missed").textContent = texts.missedDay(content.missedDay);
  const trainer = await api.trainer(trainerId);
  byId("subtitle").replaceChildren(...(trainer ? [h("a", { href: trainerUrl(trainerId) }, texts.by(""), h("bdi", null, trainer.name))] : []));
}

/** Load what is offered now. */
async function load() {
  const gone = new Problem({ title: texts.planGone, detail: texts.planGoneAdvice, status: 404 });
  if (!planId) throw gone;
  const plan = await api.plan(planId).catch((error) => {
    throw error instanceof Problem && error.status === 404 ? gone : error;
  });
  if (!plan.offered) throw gone;
  content = plan.offered;
  ({ number: offeredNumber, trainerId } = plan);
  trialDays = plan.canTry ? plan.trialDays : 0;
}

/** Show a plan that is no longer offered to a user who is still on it. @returns whether they are */
async function showWithdrawn(): Promise<boolean> {
  const enrollment = planId ? await api.enrollmentIn(planId) : null;
  if (!enrollment || ["completed", "cancelled"].includes(enrollment.status)) return false;
  byId("title").textContent = texts.withdrawn;
  byId("content").hidden = true;
  showStanding(enrollment, enrollment.status === "paused", () => location.assign("/plans.html"));
  byId("plan").hidden = false;
  return true;
}

async function open() {
  try {
    await load();
  } catch (error) {
    if (error instanceof Problem && error.status === 404 && (await showWithdrawn())) return;
    throw error;
  }
  offerRegions(byId<"select">("region"), () => showPrice(false));
  byId("start").addEventListener("click", () => {
    const button = byId<"button">("start");
    if (button.getAttribute("aria-disabled") === "true") return;
    if (content.prices.length && !covering) location.assign(`/checkout.html?${new URLSearchParams({ plan: planId })}`);
    else void once(button, start);
  });
  byId("try").addEventListener("click", () => void once(byId<"button">("try"), startTrial));
  await Promise.all([showHead(), showWorkouts(content), showStart()]);
  byId("plan").hidden = false;
}

open().catch((error) => {
  byId("title").textContent = error.title ?? texts.planGone;
  offerReload(error, { advice: undefined });
});
