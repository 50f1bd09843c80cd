/**
 * Set rating element: how hard the latest set felt.
 * @module
 */

import { addTextsOf, t } from "../i18n/l10n.ts";
import { chosenEffort, effortField } from "../workouts/effort.ts";
import type { Step } from "../workouts/plan.ts";

await addTextsOf("effort");

/** `<set-rating>`: the choice of a rating (RPE), or none; fires `rated` (a rating or null) when it changes. */
export class SetRating extends HTMLElement {
  #choice: HTMLSelectElement | null = null;
  /** The set that is shown. */
  #shown = "";

  /** @param what `of`: number of the set */
  show({ of, unit, rating }: {of: number, unit: Step["unit"], rating: number | null}) {
    const shown = `${of} ${unit}`;
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.replaceChildren(effortField(rating, unit, { label: t("effort-felt"), none: t("effort-no-answer") }));
      const choice = this.querySelector("select") as HTMLSelectElement;
      choice.addEventListener("change", () => this.dispatchEvent(new CustomEvent("rated", { detail: chosenEffort(choice) })));
      this.#choice = choice;
    } else if (this.#choice) this.#choice.value = String(rating ?? "");
  }
}

customElements.define("set-rating", SetRating);

declare global {
  interface HTMLElementTagNameMap { "set-rating": SetRating }
}
