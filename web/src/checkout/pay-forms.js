/**
 * Ways to pay: the card form of Stripe's script, a redirect, or a form that is posted to the gateway.
 * Card data go from the browser to the gateway; this page never has them.
 * @module
 */

import { Problem, request } from "../api/client.js";
import { h } from "../ui/dom.js";
import { texts } from "./texts.js";

/** @typedef {import("./checkout-api.js").Intent} Intent */
/** @typedef {{error?: {code?: string, decline_code?: string, message?: string}}} Confirmed */
/** @typedef {{pay: () => Promise<string | null>}} PayForm `pay` returns why the method was declined, or null */

/** @type {Promise<any> | null} */
let script = null;

/** Load Stripe's script once. @returns {Promise<(key: string) => any>} @throws {Problem} */
function loadScript() {
  script ??= request("/v1/client-settings").then(({ stripeScriptUrl }) => new Promise((resolve, reject) => {
    const element = h("script", { src: stripeScriptUrl, onload: () => resolve(/** @type {any} */ (globalThis).Stripe), onerror: () => reject(new Problem({ title: texts.scriptFailed, detail: texts.scriptFailedAdvice, code: "checkout.script" })) });
    document.head.append(element);
  })).catch((error) => { script = null; throw error; });
  return script;
}

/** Reason of the API for an error of Stripe.js. @param {NonNullable<Confirmed["error"]>} error */
function reasonOf({ code, decline_code: declined }) {
  if (code === "payment_intent_authentication_failure" || code === "setup_intent_authentication_failure") return "authentication_failed";
  return declined === "insufficient_funds" ? "insufficient_funds" : "declined";
}

/** Show the card form. @param {Intent} intent @param {HTMLElement} place @param {"confirmPayment" | "confirmSetup"} confirm @returns {Promise<PayForm>} @throws {Problem} */
async function cardForm({ clientSecret, publishableKey }, place, confirm) {
  const Stripe = await loadScript();
  const stripe = Stripe(/** @type {string} */ (publishableKey));
  const elements = stripe.elements({ clientSecret });
  const element = elements.create("payment");
  place.replaceChildren();
  element.mount(place);
  return {
    async pay() {
      /** @type {Confirmed} */
      const { error } = await stripe[confirm]({ elements, confirmParams: { return_url: location.href }, redirect: "if_required" });
      return error ? reasonOf(error) : null;
    },
  };
}

/** Show how an intent is paid, or how a method is given. @param {Intent} intent @param {HTMLElement} place @param {"confirmPayment" | "confirmSetup"} [confirm] @returns {Promise<PayForm>} @throws {Problem} */
export async function payForm(intent, place, confirm = "confirmPayment") {
  if (intent.kind === "client_secret") return cardForm(intent, place, confirm);
  place.replaceChildren();
  const url = /** @type {string} */ (intent.url);
  if (intent.kind === "redirect") return { pay: async () => { location.assign(url); return null; } };
  const form = h("form", { method: "post", action: url, hidden: true }, (intent.fields ?? []).map(({ name, value }) => h("input", { type: "hidden", name, value })));
  place.append(form);
  return { pay: async () => { form.submit(); return null; } };
}
