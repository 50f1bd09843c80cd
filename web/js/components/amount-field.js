/**
 * How many repetitions or seconds a set had, as somebody with one free thumb can say it.
 * @module
 */

import { h } from "../dom.js";

/** The greatest amount that a set can have. */
const MOST = 10_000;

/** `<amount-field>`: a number with a step less and a step more; fires `amount` ({amount}) when it changes. */
export class AmountField extends HTMLElement {
  #label = h("label", { class: "amount-label" });
  #input = h("input", { type: "number", inputmode: "numeric", min: 0, max: MOST, step: 1 });
  #less = h("button", { class: "button", type: "button", onclick: () => this.#move(-1) }, "−1");
  #more = h("button", { class: "button", type: "button", onclick: () => this.#move(1) }, "+1");
  #hint = h("p", { class: "hint" });

  connectedCallback() {
    if (this.firstChild) return;
    const id = `${this.id}-amount`;
    this.#input.id = id;
    this.#label.htmlFor = id;
    this.#hint.id = `${id}-hint`;
    this.#input.setAttribute("aria-describedby", this.#hint.id);
    this.#input.addEventListener("change", () => this.#told());
    this.append(this.#label, h("div", { class: "amount-row" }, this.#less, this.#input, this.#more), this.#hint);
  }

  /** A whole number from 0; what is no number counts as 0. */
  get amount() {
    const amount = Math.round(Number(this.#input.value));
    return Number.isFinite(amount) ? Math.min(Math.max(amount, 0), MOST) : 0;
  }

  /** @param {{label: string, amount: number, unit: "repetitions" | "hold", hint?: string}} what */
  show({ label, amount, unit, hint = "" }) {
    const one = unit === "hold" ? "second" : "repetition";
    this.#label.textContent = label;
    this.#hint.textContent = hint;
    this.#hint.hidden = hint === "";
    this.#less.setAttribute("aria-label", `−1 ${one}`);
    this.#more.setAttribute("aria-label", `+1 ${one}`);
    if (this.amount !== amount || this.#input.value === "") this.#input.value = String(amount);
  }

  /** @param {number} by */
  #move(by) {
    this.#input.value = String(Math.min(Math.max(this.amount + by, 0), MOST));
    this.#told();
  }

  #told() {
    this.dispatchEvent(new CustomEvent("amount", { detail: { amount: this.amount } }));
  }
}

customElements.define("amount-field", AmountField);
