/**
 * A coupon before buying: applied, shown with what it changes, and removed. A reload keeps it.
 * @module
 */

import { Problem } from "../api/client.ts";
import { t } from "../i18n/l10n.ts";
import { money } from "../plans/prices.ts";
import { texts as planTexts } from "../plans/texts.ts";
import { pageUser } from "../stores/account.ts";
import { removeTabValue, storeTabValue, tabValue } from "../stores/tab-storage.ts";
import { byId } from "../ui/dom.ts";
import { markField, onSubmit, showError } from "../ui/forms.ts";
import * as api from "./checkout-api.ts";
import "./texts.ts";
import type { Quote } from "./checkout-api.ts";

const MALFORMED = "value.invalid";

/** What a coupon changes, by its duration: now, or after a trial. */
const WORDS = { once: "checkout-coupon-used", repeating: "checkout-coupon-repeating", forever: "checkout-coupon-forever" };
const AFTER_TRIAL = { once: "checkout-coupon-trial", repeating: "checkout-coupon-trial-repeating", forever: "checkout-coupon-trial-forever" };

/** Whether the API refuses a coupon. */
export function refusesCoupon(error: unknown): error is Problem {
  return error instanceof Problem && error.code.startsWith("coupon.");
}

/** The coupon of a user for a plan, in this tab. */
export class Coupon {
  #planId;
  #stored;
  #onChange;
  #words;
  #field = byId<"input">("coupon-code");

  /** @param onChange shows the price again @param afterTrial whether it is for the payments after a trial */
  constructor(planId: string, onChange: () => Promise<void>, afterTrial = false) {
    this.#planId = planId;
    this.#stored = `kinelog.coupon.${pageUser()}.${planId}`;
    this.#onChange = onChange;
    this.#words = afterTrial ? AFTER_TRIAL : WORDS;
    this.#field.required = true; // here, unlike in an enrollment
    onSubmit(byId<"form">("coupon-form"), () => this.#change(this.#field.value.trim()));
    byId("coupon-remove").addEventListener("click", () => { this.#change("").catch(showError); });
  }

  /** The code, or null without a coupon. */
  get code() {
    return tabValue(this.#stored);
  }

  /** @param code "" for none */
  async #change(code: string) {
    markField(this.#field, "");
    this.#field.value = "";
    if (code) storeTabValue(this.#stored, code);
    else this.forget();
    await this.#onChange();
    this.focus();
  }

  /** Forget the coupon: it was removed, refused, or paid with. */
  forget() {
    removeTabValue(this.#stored);
  }

  /** The price with the coupon, or null without one. A coupon that is refused is removed, and the field says why. @throws {Problem} */
  async quote(region: string): Promise<Quote | null> {
    const { code } = this;
    if (code === null) return null;
    try {
      return await api.quote(this.#planId, region, code);
    } catch (error) {
      if (!refusesCoupon(error) && !(error instanceof Problem && error.code === MALFORMED)) throw error;
      this.refuse(error);
      return null;
    }
  }

  /** Remove a refused coupon, and say why at its field. */
  refuse(problem: Problem) {
    const code = this.code ?? "";
    this.forget();
    this.#field.value = code;
    markField(this.#field, problem.code === MALFORMED ? t("checkout-coupon-malformed") : problem.title);
  }

  /** Show what the coupon changes, or the field for one. */
  show(quote: Quote | null, billingMonths: number) {
    byId("coupon-form").hidden = quote !== null;
    byId("coupon-used").hidden = quote === null;
    const duration = quote?.duration ?? "once";
    byId("coupon-words").textContent = quote && t(this.#words[duration], {
      coupon: quote.couponId,
      count: quote.durationInPeriods,
      amount: money(quote.amount, quote.currency),
      price: money(quote.price, quote.currency),
      later: `${money(quote.price, quote.currency)} ${planTexts.period(billingMonths)}`,
    });
  }

  /** Move the focus to the field, or to the button that removes the coupon. */
  focus() {
    (this.code === null ? this.#field : byId<"button">("coupon-remove")).focus();
  }
}
