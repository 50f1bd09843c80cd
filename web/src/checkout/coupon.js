/**
 * A coupon before buying: applied, shown with what it changes, and removed. A reload keeps it.
 * @module
 */

import { Problem } from "../api/client.js";
import { t } from "../i18n/l10n.js";
import { money } from "../plans/prices.js";
import { texts as planTexts } from "../plans/texts.js";
import { byId } from "../ui/dom.js";
import { markField, onSubmit, showError } from "../ui/forms.js";
import * as api from "./checkout-api.js";
import "./texts.js";

/** @typedef {import("./checkout-api.js").Quote} Quote */

const MALFORMED = "value.invalid";

/** What a coupon changes, by its duration: now, or after a trial. */
const WORDS = { once: "checkout-coupon-used", repeating: "checkout-coupon-repeating", forever: "checkout-coupon-forever" };
const AFTER_TRIAL = { once: "checkout-coupon-trial", repeating: "checkout-coupon-trial-repeating", forever: "checkout-coupon-trial-forever" };

/** Whether the API refuses a coupon. @param {unknown} error @returns {error is Problem} */
export function refusesCoupon(error) {
  return error instanceof Problem && error.code.startsWith("coupon.");
}

/** The coupon for a plan, in this tab. */
export class Coupon {
  #planId;
  #stored;
  #onChange;
  #words;
  #field = /** @type {HTMLInputElement} */ (byId("coupon-code"));

  /** @param {string} planId @param {() => Promise<void>} onChange shows the price again @param {boolean} [afterTrial] whether it is for the payments after a trial */
  constructor(planId, onChange, afterTrial = false) {
    this.#planId = planId;
    this.#stored = `kinelog.coupon.${planId}`;
    this.#onChange = onChange;
    this.#words = afterTrial ? AFTER_TRIAL : WORDS;
    this.#field.required = true; // here, unlike in an enrollment
    onSubmit(byId("coupon-form"), () => this.#change(this.#field.value.trim()));
    byId("coupon-remove").addEventListener("click", () => { this.#change("").catch(showError); });
  }

  /** The code, or null without a coupon. */
  get code() {
    return sessionStorage.getItem(this.#stored);
  }

  /** @param {string} code "" for none */
  async #change(code) {
    markField(this.#field, "");
    this.#field.value = "";
    if (code) sessionStorage.setItem(this.#stored, code);
    else this.forget();
    await this.#onChange();
    this.focus();
  }

  /** Forget the coupon: it was removed, refused, or paid with. */
  forget() {
    sessionStorage.removeItem(this.#stored);
  }

  /** The price with the coupon, or null without one. A coupon that is refused is removed, and the field says why. @param {string} region @returns {Promise<Quote | null>} @throws {Problem} */
  async quote(region) {
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

  /** Remove a refused coupon, and say why at its field. @param {Problem} problem */
  refuse(problem) {
    const code = this.code ?? "";
    this.forget();
    this.#field.value = code;
    markField(this.#field, problem.code === MALFORMED ? t("checkout-coupon-malformed") : problem.title);
  }

  /** Show what the coupon changes, or the field for one. @param {Quote | null} quote @param {number} billingMonths */
  show(quote, billingMonths) {
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
    (this.code === null ? this.#field : byId("coupon-remove")).focus();
  }
}
