/**
 * Ways to pay: the card form of Stripe's script, a redirect, or a form that is posted to the gateway.
 * Card data go from the browser to the gateway; this page never has them.
 * @module
 */

import { Problem, request } from "../api/client.ts";
import { h } from "../ui/dom.ts";
import { texts } from "./texts.ts";
import type { Intent } from "./checkout-api.ts";

type Confirmed = {error?: {code?: string, decline_code?: string, message?: string}};
/** `pay` returns why the method was declined, or null */
export type PayForm = {pay: () => Promise<string | null>};

/** The part of Stripe.js that is used here. */
type StripeScript = (publishableKey: string) => Record<"confirmPayment" | "confirmSetup", (options: object) => Promise<Confirmed>> & {
  elements: (options: {clientSecret?: string | null}) => {create: (kind: "payment") => {mount: (place: HTMLElement) => void}};
};

let script: Promise<StripeScript> | null = null;

/** Load Stripe's script once. @throws {Problem} */
function loadScript(): Promise<StripeScript> {
  script ??= request("/v1/client-settings").then(({ stripeScriptUrl }) => new Promise<StripeScript>((resolve, reject) => {
    const element = h("script", { src: stripeScriptUrl, onload: () => resolve((globalThis as unknown as {Stripe: StripeScript}).Stripe), onerror: () => reject(new Problem({ title: texts.scriptFailed, detail: texts.scriptFailedAdvice, code: "checkout.script" })) });
    document.head.append(element);
  })).catch((error) => { script = null; throw error; });
  return script;
}

/** Reason of the API for an error of Stripe.js. */
function reasonOf({ code, decline_code: declined }: NonNullable<Confirmed["error"]>) {
  if (code === "payment_intent_authentication_failure" || code === "setup_intent_authentication_failure") return "authentication_failed";
  return declined === "insufficient_funds" ? "insufficient_funds" : "declined";
}

/** Show the card form. @throws {Problem} */
async function cardForm({ clientSecret, publishableKey }: Intent, place: HTMLElement, confirm: "confirmPayment" | "confirmSetup"): Promise<PayForm> {
  const Stripe = await loadScript();
  const stripe = Stripe(publishableKey as string);
  const elements = stripe.elements({ clientSecret });
  const element = elements.create("payment");
  place.replaceChildren();
  element.mount(place);
  return {
    async pay() {
      const { error } = await stripe[confirm]({ elements, confirmParams: { return_url: location.href }, redirect: "if_required" });
      return error ? reasonOf(error) : null;
    },
  };
}

/** Show how an intent is paid, or how a method is given. @throws {Problem} */
export async function payForm(intent: Intent, place: HTMLElement, confirm: "confirmPayment" | "confirmSetup" = "confirmPayment"): Promise<PayForm> {
  if (intent.kind === "client_secret") return cardForm(intent, place, confirm);
  place.replaceChildren();
  const url = intent.url as string;
  if (intent.kind === "redirect") return { pay: async () => { location.assign(url); return null; } };
  const form = h("form", { method: "post", action: url, hidden: true }, (intent.fields ?? []).map(({ name, value }) => h("input", { type: "hidden", name, value })));
  place.append(form);
  return { pay: async () => { form.submit(); return null; } };
}
