/**
 * Repetition review element: the movements of a set that are in doubt, with a switch for each one; the others on request.
 * @module
 */

import { announce, h } from "../ui/dom.ts";
import { formBadge, words } from "../i18n/format.ts";
import { REASONS } from "../session/repetition-table.ts";
import { t } from "../i18n/l10n.ts";

type Movement = {number: number | null, accepted: boolean, byHand: boolean, startMs: number, endMs: number, form: number | null, faults: string[], reason: string | null};
type Judge = (movement: Movement, accepted: boolean) => Promise<void>;

/** Describe why a movement does not count. */
function why({ accepted, reason, faults }: Movement) {
  if (accepted) return faults.map(words).join(", ");
  return reason === "athlete" ? t("removed-by-you") : reason ? (REASONS[reason] ?? words(reason)) : t("not-counted");
}

/** Whether the athlete should check a movement: one that does not count, or whose form could not be measured. */
export function isDoubtful({ accepted, byHand, form }: Movement) {
  return !accepted || (!byHand && form === null);
}

/** `<rep-review>`: a switch for each movement, in order. */
export class RepReview extends HTMLElement {
  #list = h("ol", { class: "review" });
  #text = h("p", { class: "muted" });
  #looks = h("p", { class: "looks", hidden: true });
  #all = h("button", { class: "button quiet", type: "button", onclick: () => this.#showAll() });
  #showsAll = false;
  /** Start of the movements that are shown, also once they are not in doubt any more. */
  #shown: Set<number> = new Set();
  #again: () => void = () => {};

  connectedCallback() {
    if (this.firstChild) return;
    this.hidden = true;
    this.append(h("h3", null, t("review-repetitions")), this.#looks, this.#text, this.#list, this.#all);
  }

  /** Show that the set is still being counted. */
  wait() {
    this.hidden = false;
    this.#looks.hidden = true;
    this.#text.textContent = t("counting-the-set");
    this.#list.replaceChildren();
    this.#all.hidden = true;
    this.#showsAll = false;
    this.#shown.clear();
  }

  clear() {
    this.hidden = true;
    this.#list.replaceChildren();
  }

  /** @param looks comparison of the two counts of the set */
  show(movements: Movement[], judge: Judge, looks = "") {
    const focused = this.#list.querySelector("button:focus")?.closest("li")?.dataset.start;
    this.#again = () => this.show(movements, judge, looks);
    for (const movement of movements) if (this.#showsAll || isDoubtful(movement)) this.#shown.add(movement.startMs);
    const count = movements.filter(({ accepted }) => accepted).length;
    this.hidden = movements.length === 0;
    this.#looks.hidden = looks === "";
    this.#looks.textContent = looks;
    this.#text.textContent = this.#shown.size > 0 ? t("check-your-reps") : t("reps-all-clear", { count });
    this.#list.replaceChildren(...movements.flatMap((movement, at) => (this.#shown.has(movement.startMs) ? [this.#item(movement, at + 1, judge)] : [])));
    this.#all.hidden = this.#shown.size >= movements.length;
    this.#all.textContent = t("show-all-reps", { count: movements.length });
    if (focused !== undefined) this.#list.querySelector<HTMLElement>(`li[data-start="${focused}"] button`)?.focus();
  }

  #showAll() {
    this.#showsAll = true;
    this.#again();
    this.#list.querySelector("button")?.focus();
  }

  #item(movement: Movement, place: number, judge: Judge) {
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
    return h("li", { class: accepted ? "accepted" : "rejected", "data-start": movement.startMs }, h("b", { class: "number" }, place),
      h("span", null, movement.form === null ? null : formBadge(movement.form), h("span", { class: "muted reason" }, why(movement))), button);
  }
}

customElements.define("rep-review", RepReview);

declare global {
  interface HTMLElementTagNameMap { "rep-review": RepReview }
}
