/**
 * Exercise tiles element: a radio group with a moving figure of each exercise.
 * @module
 */

import { h } from "../ui/dom.ts";
import { hasPoster, playOnHover, type ExercisePoster } from "./exercise-poster.ts";
import { t } from "../i18n/l10n.ts";

/** `<exercise-tiles name="exercise">`: fires `change` when the user chooses another exercise. */
export class ExerciseTiles extends HTMLElement {
  #inputs: HTMLInputElement[] = [];

  /** ID of the chosen exercise; "" before there are any. */
  get value() {
    return this.#inputs.find(({ checked }) => checked)?.value ?? "";
  }

  /** Choose an exercise; one that does not exist changes nothing. */
  set value(exercise) {
    const chosen = this.#inputs.find(({ value }) => value === exercise);
    if (chosen) chosen.checked = true;
  }

  /** Show the exercises: first the chosen one, last those without a figure. */
  offer(exercises: {id: string, name: string}[], chosen: string) {
    const rank = (id: string) => (id === chosen ? 0 : hasPoster(id) ? 1 : 2);
    const ordered = [...exercises].sort((a, b) => rank(a.id) - rank(b.id));
    const tiles = ordered.map(({ id, name }) => {
      const input = h("input", { type: "radio", name: this.getAttribute("name") ?? "exercise", value: id, checked: id === chosen });
      const poster = h("exercise-poster", { exercise: id });
      const tile = h("label", { class: "tile" }, input, poster, h("span", { class: "tile-name" }, name));
      playOnHover(tile, poster);
      return tile;
    });
    this.replaceChildren(h("fieldset", { class: "tiles" }, h("legend", null, t("choose-exercise")), tiles));
    this.#inputs = [...this.querySelectorAll("input")];
    this.addEventListener("change", () => posterOf(this.#inputs.find(({ checked }) => checked))?.play());
  }
}

function posterOf(input: Element | undefined): ExercisePoster | null {
  return input?.parentElement?.querySelector("exercise-poster") ?? null;
}

customElements.define("exercise-tiles", ExerciseTiles);

declare global {
  interface HTMLElementTagNameMap { "exercise-tiles": ExerciseTiles }
}
