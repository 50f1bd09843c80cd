/**
 * Plan page: what a plan prescribes, what it costs, and starting it.
 * @module
 */

import "../ui/site-header.ts";
import { exercises, Problem, type Schemas } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import { day, words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { units } from "../i18n/units.ts";
import { announce, byId, fieldOf, h } from "../ui/dom.ts";
import { once } from "../ui/questions.ts";
import { showError } from "../ui/forms.ts";
import { prescription } from "../workouts/workout-api.ts";
import { doses } from "../workouts/doses.ts";
import { minutesOf, stepsOf } from "../workouts/plan.ts";
import { Coupon, refusesCoupon } from "../checkout/coupon.ts";
import { texts as checkoutTexts } from "../checkout/texts.ts";
import * as api from "./plan-api.ts";
import { leaving } from "./leaving.ts";
import { planFacts, trainerUrl } from "./plan-card.ts";
import { priceIn, priceTag, priceWords, taxWords, type PlanContent, type PlanPrice } from "./prices.ts";
import { standing } from "./standing.ts";
import { offerRegions, region } from "./regions.ts";
import { texts } from "./texts.ts";
import { trainerPermission } from "./trainer-permission.ts";
import type { Quote } from "../checkout/checkout-api.ts";

const planId = new URLSearchParams(location.search).get("plan") ?? "";

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
  covering = await api.coveringSubscription(enrollment);
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
  byId("trial").hidden = trialDays === 0 || !price || covering !== null;
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
  if (opens) await showWorkouts();
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
    } else throw error;
    return;
  }
  coupon?.forget();
  await showStart(position);
  announce(texts.trialStarted);
  byId("standing").querySelector<HTMLElement>("a, button")?.focus();
  await showWorkouts();
}

/** Show the workouts in order. Those of a paid plan open with the subscription, but the preview. */
async function showWorkouts() {
  const ids = [...new Set(content.workouts)];
  const total = content.weeks * content.sessionsPerWeek;
  byId("rounds").textContent = texts.rounds(total, content.workouts.length);
  const [names, unit] = await Promise.all([exercises(), units()]);
  const loaded = await Promise.all(ids.map((id) => prescription(id).catch((error) => { if (error instanceof Problem) return null; throw error; })));
  const byKey = new Map(ids.map((id, index) => [id, loaded[index]]));
  byId("workouts").replaceChildren(...content.workouts.map((id) => {
    const workout = byKey.get(id);
    if (!workout) return h("li", { class: "plan-workout" }, h("p", { class: "muted" }, texts.workoutGone));
    const lines = workout.exercises.map((line) => h("li", null, h("span", null, names.get(line.exerciseId)?.name ?? words(line.exerciseId)), h("span", { class: "muted" }, ` ${doses(line, unit)}`), line.note && h("p", { class: "plan-note", dir: "auto" }, line.note)));
    return h("li", { class: "plan-workout" },
      h("h3", null, h("bdi", null, workout.name), id === content.preview && content.prices.length > 0 && h("span", { class: "plan-badge" }, texts.preview)),
      !workout.locked && h("p", { class: "muted" }, texts.size(t("count-sets", { count: stepsOf(workout.exercises).length }), minutesOf(workout.exercises))),
      workout.locked ? h("p", { class: "muted" }, texts.lockedLines) : h("ul", { class: "plan-lines" }, lines));
  }));
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
  await Promise.all([showHead(), showWorkouts(), showStart()]);
  byId("plan").hidden = false;
}

open().catch((error) => {
  byId("title").textContent = error.title ?? texts.planGone;
  showError(error, { advice: undefined, action: t("try-again"), onAction: () => location.reload() });
});
