/**
 * Repetition counter element, readable from the other end of the room.
 * @module
 */

import { announce, h } from "./dom.ts";
import { t } from "../i18n/l10n.ts";

/** How the number grows for a moment, by what happened. */
const PULSES = { counted: 1.3, reached: 1.6 };
const PULSE_MS = 400;

/** `<rep-counter>`: repetitions of a set, or seconds of a hold. Fires `counted` ({repetitions}) with each count that it announces. */
export class RepCounter extends HTMLElement {
  #shown = 0;
  #number = h("b", { class: "count-number" }, "0");
  #words = h("span", { class: "count-unit" }, t("counter-repetitions", { count: 0 }));

  connectedCallback() {
    if (!this.firstChild) this.append(this.#number, this.#words);
  }

  /** Announce every n-th repetition: 1 or 5. */
  every: 1 | 5 = 1;

  show(repetitions: number, target: number | null) {
    this.#number.textContent = String(repetitions);
    this.#words.textContent = target ? t("counter-of", { target }) : t("counter-repetitions", { count: repetitions });
    this.#reach(repetitions, target);
    if (repetitions > this.#shown) this.#pulse(repetitions === target ? PULSES.reached : PULSES.counted);
    if (repetitions > this.#shown && (repetitions % this.every === 0 || repetitions === target)) this.#announce(repetitions, target);
    this.#shown = repetitions;
  }

  /** Let the number grow for a moment, unless the user prefers reduced motion. */
  #pulse(scale: number) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.#number.animate([{ scale }, { scale: 1 }], { duration: PULSE_MS, easing: "cubic-bezier(0.2, 0.8, 0.3, 1)" });
  }

  #announce(repetitions: number, target: number | null) {
    announce(t(repetitions === target ? "count-repetitions-goal" : "count-repetitions", { count: repetitions }));
    this.dispatchEvent(new CustomEvent("counted", { detail: { repetitions } }));
  }

  /** Mark the goal as reached. */
  #reach(amount: number, target: number | null) {
    const reached = target !== null && amount >= target;
    this.toggleAttribute("data-reached", reached);
    if (reached) this.#words.textContent += " ✓";
  }

  hold(heldMs: number, targetS: number | null = null) {
    this.#number.textContent = String(Math.floor(heldMs / 1000));
    this.#words.textContent = targetS ? t("counter-of-seconds", { count: targetS }) : t("counter-held");
    this.#reach(Math.floor(heldMs / 1000), targetS);
  }
}

customElements.define("rep-counter", RepCounter);

declare global {
  interface HTMLElementTagNameMap { "rep-counter": RepCounter }
}
