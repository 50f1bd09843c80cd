/**
 * Amount field element: repetitions or seconds of a set, usable with one thumb.
 * @module
 */

import { h } from "../ui/dom.ts";
import { constraintsOf } from "../ui/schema-fields.ts";
import { t } from "../i18n/l10n.ts";

/** Largest amount of a set, that of a target. */
const MOST = Number(constraintsOf("PrescribedExercise.targetRepetitions").max);

/** `<amount-field>`: a number with step buttons; fires `amount` ({amount}) when it changes. */
export class AmountField extends HTMLElement {
  #label = h("label", { class: "amount-label" });
  #input = h("input", { type: "number", inputmode: "numeric", min: 0, max: MOST, step: 1 });
  #less = h("button", { class: "button", type: "button", onclick: () => this.#move(-1) }, "−1");
  #more = h("button", { class: "button", type: "button", onclick: () => this.#move(1) }, "+1");
  #hint = h("p", { class: "hint" });
  /** The value shown last, regardless of edits. */
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
    this.#input.addEventListener("change", () => this.#changed());
    this.append(this.#label, h("div", { class: "amount-row" }, this.#less, this.#input, this.#more), this.#wrong, this.#hint);
  }

  /** The amount; null if the input is not a whole number from 0. */
  get amount(): number | null {
    const { value, validity } = this.#input;
    return value !== "" && validity.valid ? Number(value) : null;
  }

  /** Return the amount, or show what is wrong, focus the field and return null. */
  checked(): number | null {
    const { amount } = this;
    this.#mark(amount === null);
    if (amount === null) this.#input.focus();
    return amount;
  }

  /** @param what `of`: index of the step */
  show({ of, label, amount, unit, hint = "" }: {of: number, label: string, amount: number, unit: "repetitions" | "hold", hint?: string}) {
    const isHold = unit === "hold";
    this.#label.textContent = label;
    this.#hint.textContent = hint;
    this.#hint.hidden = hint === "";
    this.#less.setAttribute("aria-label", t(isHold ? "minus-one-second" : "minus-one"));
    this.#more.setAttribute("aria-label", t(isHold ? "plus-one-second" : "plus-one"));
    const shown = `${of} ${amount}`;
    if (shown === this.#shown) return; // keep what the user is typing
    this.#shown = shown;
    this.#offered = amount;
    this.#input.value = String(amount);
    this.#mark(false);
  }

  #move(by: number) {
    this.#input.value = String(Math.min(Math.max((this.amount ?? this.#offered) + by, 0), MOST));
    this.#changed();
  }

  #changed() {
    const { amount } = this;
    this.#mark(amount === null);
    if (amount === null) return;
    this.dispatchEvent(new CustomEvent("amount", { detail: { amount } }));
  }

  #mark(isWrong: boolean) {
    this.#wrong.textContent = isWrong ? t("whole-number", { least: 0, most: MOST }) : "";
    this.#input.setAttribute("aria-invalid", String(isWrong));
  }
}

customElements.define("amount-field", AmountField);

declare global {
  interface HTMLElementTagNameMap { "amount-field": AmountField }
}
