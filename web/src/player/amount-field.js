/**
 * How many repetitions or seconds a set had, as somebody with one free thumb can say it.
 * @module
 */

import { h } from "../ui/dom.js";

/** The greatest amount that a set can have. */
const MOST = 10_000;

/** `<amount-field>`: a number with a step less and a step more; fires `amount` ({amount}) when it changes. */
export class AmountField extends HTMLElement {
  #label = h("label", { class: "amount-label" });
  #input = h("input", { type: "number", inputmode: "numeric", min: 0, max: MOST, step: 1 });
  #less = h("button", { class: "button", type: "button", onclick: () => this.#move(-1) }, "−1");
  #more = h("button", { class: "button", type: "button", onclick: () => this.#move(1) }, "+1");
  #hint = h("p", { class: "hint" });
  /** What was shown last, whatever was typed since. */
  #shown = "";
  #offered = 0;
  #wrong = h("p", { class: "wrong", role: "alert" });

  connectedCallback() {
    if (this.firstChild) return;
    const id = `${this.id}-amount`;
    this.#input.id = id;
    this.#label.htmlFor = id;
    this.#hint.id = `${id}-hint`;
    this.#input.setAttribute("aria-describedby", this.#hint.id);
    this.#input.addEventListener("change", () => this.#told());
    this.append(this.#label, h("div", { class: "amount-row" }, this.#less, this.#input, this.#more), this.#wrong, this.#hint);
  }

  /** A whole number from 0; null for anything else. @returns {number | null} */
  get amount() {
    const { value, validity } = this.#input;
    return value !== "" && validity.valid ? Number(value) : null;
  }

  /** The amount; of anything else it is said what is wrong with it, and whoever typed it is there again. @returns {number | null} */
  checked() {
    const { amount } = this;
    this.#mark(amount === null);
    if (amount === null) this.#input.focus();
    return amount;
  }

  /** @param {{of: number, label: string, amount: number, unit: "repetitions" | "hold", hint?: string}} what `of`: the number of what it is the amount of */
  show({ of, label, amount, unit, hint = "" }) {
    const one = unit === "hold" ? "second" : "repetition";
    this.#label.textContent = label;
    this.#hint.textContent = hint;
    this.#hint.hidden = hint === "";
    this.#less.setAttribute("aria-label", `−1 ${one}`);
    this.#more.setAttribute("aria-label", `+1 ${one}`);
    const shown = `${of} ${amount}`;
    if (shown === this.#shown) return; // what somebody types is not taken away
    this.#shown = shown;
    this.#offered = amount;
    this.#input.value = String(amount);
    this.#mark(false);
  }

  /** @param {number} by */
  #move(by) {
    this.#input.value = String(Math.min(Math.max((this.amount ?? this.#offered) + by, 0), MOST));
    this.#told();
  }

  #told() {
    const { amount } = this;
    this.#mark(amount === null);
    if (amount === null) return;
    this.dispatchEvent(new CustomEvent("amount", { detail: { amount } }));
  }

  /** @param {boolean} isWrong */
  #mark(isWrong) {
    this.#wrong.textContent = isWrong ? `A whole number from 0 to ${MOST}.` : "";
    this.#input.setAttribute("aria-invalid", String(isWrong));
  }
}

customElements.define("amount-field", AmountField);
