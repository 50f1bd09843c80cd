/**
 * A part of the history: asked for, drawn, and asked for again where it could not be told.
 * @module
 */

import { Problem } from "../api/client.js";
import { showProblem } from "../ui/banner.js";
import { h } from "../ui/dom.js";

/** Those that could not be told, by what tries again: one button of the banner tries all. @type {Map<Panel, () => void>} */
const failed = new Map();

/** A part of the page with an answer in it. */
export class Panel {
  #turn = 0;

  /** @param {HTMLElement} body what is drawn anew with each answer */
  constructor(body) {
    this.body = body;
  }

  /**
   * Ask, and draw what is told; of several questions only the newest counts.
   * @template Told
   * @param {() => Promise<Told>} ask @param {(told: Told) => any[]} draw
   */
  async fill(ask, draw) {
    const mine = ++this.#turn;
    failed.delete(this);
    this.body.setAttribute("aria-busy", "true");
    try {
      const told = await ask();
      if (mine === this.#turn) this.body.replaceChildren(...draw(told).filter(Boolean));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (mine === this.#turn) this.#refused(error, () => void this.fill(ask, draw));
    } finally {
      if (mine === this.#turn) this.body.setAttribute("aria-busy", "false");
    }
  }

  /** @param {Problem} problem @param {() => void} again */
  #refused(problem, again) {
    failed.set(this, again);
    this.body.replaceChildren(h("p", { class: "muted" }, "This could not be loaded."));
    showProblem({ title: "Part of your history could not be loaded.", detail: problem.message, reference: problem.reference }, {
      kept: "Your sessions are safe; only this page could not read them.",
      action: "Try again", onAction: () => [...failed.values()].forEach((retry) => retry()),
    });
  }
}
