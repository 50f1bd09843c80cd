/**
 * Phase bar element: the current phase of the repetition.
 * @module
 */

import { phaseNames } from "../i18n/phases.js";
import { h } from "./dom.js";
import { t } from "../i18n/l10n.js";

/** `<phase-bar>`: one step per phase; the current one is filled and marked. */
export class PhaseBar extends HTMLElement {
  #steps = h("ol", { class: "phases", "aria-label": t("phase-of-repetition") });
  #shown = "";

  connectedCallback() {
    if (!this.firstChild) this.append(this.#steps);
  }

  /** Show the phases of an exercise, by its own names. @param {string} exercise exercise ID @param {"repetitions" | "hold"} kind */
  of(exercise, kind) {
    if (this.#shown === `${exercise} ${kind}`) return;
    this.#shown = `${exercise} ${kind}`;
    const names = Object.entries(phaseNames(exercise)).filter(([id]) => id !== "lost" && (id === "rest" || (id === "hold") === (kind === "hold")));
    this.#steps.replaceChildren(...names.map(([id, name]) => h("li", { "data-phase": id }, name)));
  }

  /** @param {string} phase */
  show(phase) {
    for (const step of this.querySelectorAll("[data-phase]")) {
      if (/** @type {HTMLElement} */ (step).dataset.phase === phase) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    }
  }
}

customElements.define("phase-bar", PhaseBar);
