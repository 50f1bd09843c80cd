/**
 * Phase bar element: the current phase of the repetition.
 * @module
 */

import { phaseNames } from "../i18n/phases.ts";
import { h } from "./dom.ts";
import { t } from "../i18n/l10n.ts";

/** `<phase-bar>`: one step per phase; the current one is filled and marked. */
export class PhaseBar extends HTMLElement {
  #steps = h("ol", { class: "phases", "aria-label": t("phase-of-repetition") });
  #shown = "";

  connectedCallback() {
    if (!this.firstChild) this.append(this.#steps);
  }

  /** Show the phases of an exercise, by its own names. @param exercise exercise ID */
  of(exercise: string, kind: "repetitions" | "hold") {
    if (this.#shown === `${exercise} ${kind}`) return;
    this.#shown = `${exercise} ${kind}`;
    const names = Object.entries(phaseNames(exercise)).filter(([id]) => id !== "lost" && (id === "rest" || (id === "hold") === (kind === "hold")));
    this.#steps.replaceChildren(...names.map(([id, name]) => h("li", { "data-phase": id }, name)));
  }

  show(phase: string) {
    for (const step of this.querySelectorAll("[data-phase]")) {
      if ((step as HTMLElement).dataset.phase === phase) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    }
  }
}

customElements.define("phase-bar", PhaseBar);

declare global {
  interface HTMLElementTagNameMap { "phase-bar": PhaseBar }
}
