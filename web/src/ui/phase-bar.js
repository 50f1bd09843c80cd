/**
 * Where in a repetition the athlete is.
 * @module
 */

import { h } from "./dom.js";

const PHASES = [["rest", "Ready"], ["eccentric", "Lower"], ["effort", "Turn"], ["concentric", "Lift"], ["hold", "Hold"]];

/** `<phase-bar>`: one step for each phase; the present one is filled and marked. */
export class PhaseBar extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    this.append(h("ol", { class: "phases", "aria-label": "Phase of the repetition" },
      PHASES.map(([id, label]) => h("li", { "data-phase": id }, label))));
    this.show("rest");
  }

  /** A hold has no other phases, a repetition no hold. @param {"repetitions" | "hold"} kind */
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
