/**
 * Repetition review element: the movements of a set, with a switch for each one.
 * @module
 */

import { announce, h } from "../ui/dom.js";
import { formBadge, words } from "../i18n/format.js";
import { REASONS } from "../session/repetition-table.js";
import { t } from "../i18n/l10n.js";

/** @typedef {{number: number | null, accepted: boolean, byHand: boolean, startMs: number, endMs: number, form: number | null, faults: string[], reason: string | null}} Movement */
/** @typedef {(movement: Movement, accepted: boolean) => Promise<void>} Judge */

/** Describe why a movement does not count. @param {Movement} movement */
function why({ accepted, reason, faults }) {
  if (accepted) return faults.map(words).join(", ");
  return reason === "athlete" ? t("removed-by-you") : reason ? (REASONS[reason] ?? words(reason)) : t("not-counted");
}

/** `<rep-review>`: a switch for each movement, in order. */
export class RepReview extends HTMLElement {
  #list = h("ol", { class: "review" });
  #text = h("p", { class: "muted" });
  #looks = h("p", { class: "looks", hidden: true });

  connectedCallback() {
    if (this.firstChild) return;
    this.hidden = true;
    this.append(h("h3", null, t("review-repetitions")), this.#looks, this.#text, this.#list);
  }

  /** Show that the set is still being counted. */
  wait() {
    this.hidden = false;
    this.#looks.hidden = true;
    this.#text.textContent = t("counting-the-set");
    this.#list.replaceChildren();
  }

  clear() {
    this.hidden = true;
    this.#list.replaceChildren();
  }

  /** @param {Movement[]} movements @param {Judge} judge @param {string} [looks] comparison of the two counts of the set */
  show(movements, judge, looks = "") {
    const focused = [...this.#list.querySelectorAll("button")].indexOf(/** @type {any} */ (document.activeElement));
    this.hidden = movements.length === 0;
    this.#looks.hidden = looks === "";
    this.#looks.textContent = looks;
    this.#text.textContent = t("check-your-reps");
    this.#list.replaceChildren(...movements.map((movement, at) => this.#item(movement, at + 1, judge)));
    if (focused >= 0) this.#list.querySelectorAll("button")[focused]?.focus();
  }

  /** @param {Movement} movement @param {number} place @param {Judge} judge */
  #item(movement, place, judge) {
    const { accepted } = movement;
    const button = h("button", {
      class: "button", type: "button", role: "switch", "aria-checked": String(accepted),
      onclick: () => {
        if (button.getAttribute("aria-disabled") === "true") return;
        button.setAttribute("aria-disabled", "true");
        announce(t(accepted ? "movement-uncounted" : "movement-counted", { place }));
        void judge(movement, !accepted).finally(() => button.removeAttribute("aria-disabled"));
      },
    }, h("span", { "aria-hidden": "true" }, accepted ? "✓" : "✕"), t("counts"), h("span", { class: "visually-hidden" }, t("counts-movement", { place })));
    return h("li", { class: accepted ? "accepted" : "rejected" }, h("b", { class: "number" }, place),
      h("span", null, movement.form === null ? null : formBadge(movement.form), h("span", { class: "muted reason" }, why(movement))), button);
  }
}

customElements.define("rep-review", RepReview);
