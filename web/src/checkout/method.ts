/**
 * Another payment method for the renewals of a subscription: the user gives it at the gateway, by its script or on its
 * page, which sends the browser back here. Nothing is paid.
 * @module
 */

import { Problem } from "../api/client.ts";
import { t } from "../i18n/l10n.ts";
import * as plans from "../plans/plan-api.ts";
import { removeTabValue, storeTabValue, tabValue } from "../stores/tab-storage.ts";
import { byId, h, type Child } from "../ui/dom.ts";
import * as api from "./checkout-api.ts";
import { payForm } from "./pay-forms.ts";
import { texts } from "./texts.ts";

const PENDING = "payment.method_pending";

/** Pause between questions whether the gateway has the method, and how many there are. */
const PAUSE_MS = 1500;
const QUESTIONS = 8;

/** Show what happened, and the ways on. */
function showOutcome(title: string, text: string, ...actions: Child[]) {
  byId("paying").hidden = true;
  byId("outcome").hidden = false;
  byId("outcome").replaceChildren(
    h("h2", { id: "outcome-title", tabindex: "-1" }, title), h("p", null, text),
    h("div", { class: "choices" }, actions, h("a", { class: actions.length ? "button" : "button primary", href: "/billing.html" }, t("plans-billing"))));
  byId("outcome-title").focus();
}

/** Ask until the gateway has the method. @param reference of the setup @throws {Problem} */
async function isStored(subscriptionId: string, reference: string): Promise<boolean> {
  for (let question = 1; question <= QUESTIONS; question += 1) {
    try {
      await api.storeMethod(subscriptionId, reference);
      return true;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== PENDING) throw error;
    }
    await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
  }
  return false;
}

/** Finish a setup, and say whether renewals are charged to the new method. */
async function finish(subscriptionId: string, reference: string) {
  byId("waiting").textContent = t("checkout-method-checking");
  let stored;
  try {
    stored = await isStored(subscriptionId, reference);
  } catch (error) {
    if (error instanceof Problem && !error.isTemporary) removeTabValue(storedKey(subscriptionId)); // the next attempt begins a new setup
    throw error;
  }
  removeTabValue(storedKey(subscriptionId));
  if (stored) showOutcome(t("checkout-method-stored"), t("checkout-method-stored-text"));
  else showOutcome(t("checkout-method-failed"), t("checkout-method-failed-text"), h("a", { class: "button primary", href: methodUrl(subscriptionId) }, texts.tryAgain));
}

/** Storage key of the reference of a setup, kept while the user may be on a page of the gateway or of a bank. */
const storedKey = (subscriptionId: string) => `kinelog.method.${subscriptionId}`;

/** Address of this flow. */
export const methodUrl = (subscriptionId: string) => `/checkout.html?${new URLSearchParams({ subscription: subscriptionId })}`;

/** Change the method of a subscription. @throws {Problem} */
export async function changeMethod(subscriptionId: string, onPress: (id: string, act: () => Promise<void>) => void) {
  const { planId } = await api.subscription(subscriptionId);
  const { offered, draft } = await plans.plan(planId).catch(() => ({ offered: null, draft: null }));
  byId("title").textContent = t("checkout-method");
  byId("plan-title").replaceChildren(h("bdi", null, (offered ?? draft)?.title ?? ""));
  byId("back").textContent = t("back-billing");
  byId("back").setAttribute("href", "/billing.html");
  byId("paying").hidden = false;
  byId("paying-title").textContent = t("checkout-method-new");
  byId("cancel").hidden = true;
  const left = tabValue(storedKey(subscriptionId));
  if (left) return finish(subscriptionId, left); // back from the gateway's page
  const setup = await api.methodSetup(subscriptionId);
  byId("route").textContent = t("checkout-method-free");
  const form = await payForm(setup, byId("card"), "confirmSetup");
  byId("pay").textContent = setup.kind === "client_secret" ? t("checkout-method-save") : texts.continueAt(setup.gateway);
  byId("pay").hidden = false;
  onPress("pay", async () => {
    byId("declined").textContent = "";
    storeTabValue(storedKey(subscriptionId), setup.reference); // some methods of Stripe redirect too
    const reason = await form.pay();
    if (reason) {
      removeTabValue(storedKey(subscriptionId));
      byId("declined").textContent = texts.decline(reason);
    } else if (setup.kind === "client_secret") await finish(subscriptionId, setup.reference);
  });
}
