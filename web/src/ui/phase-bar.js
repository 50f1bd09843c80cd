/**
 * Phase bar element: the current phase of the repetition.
 * @module
 */

import { h } from "./dom.js";

const PHASES = [["rest", "Ready"], ["eccentric", "Lower"], ["effort", "Turn"], ["concentric", "Lift"], ["hold", "Hold"]];

/** `<phase-bar>`: one step per phase; the current one is filled and marked. */
export class PhaseBar extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    this.append(h("ol", { class: "phases", "aria-label": "Phase of the repetition" },
      PHASES.map(([id, label]) => h("li", { "data-phase": id }, label))));
    this.show("rest");
  }

  /** Show the phases of a repetition or those of a hold. @param {"repetitions" | "hold"} kind */
  set kind(kind) {
    for (const step of this.querySelectorAll("[data-phase]")) {
      const id = /** @type {HTMLElement} */ (step).dataset.phase;
      step.toggleAttribute("hidden", id !== "rest" && (id === "hold") !== (kind === "hold"));
    }
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
