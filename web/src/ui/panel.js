/**
 * Panels: sections of a page that load, draw, and can be retried after failures.
 * @module
 */

import { Problem } from "../api/client.js";
import { t } from "../i18n/l10n.js";
import { showProblem } from "./banner.js";
import { h } from "./dom.js";

/** Failed panels and their retry functions; one button of the banner retries all. @type {Map<Panel, () => void>} */
const failed = new Map();

/** Texts after a failure: the banner's title, what is not lost, and the text in the panel. @typedef {{title: string, kept: string, left: string}} Texts */

/** A section of the page that is filled from the server. */
export class Panel {
  #turn = 0;

  /** @param {HTMLElement} body element whose content is replaced @param {Texts} texts */
  constructor(body, texts) {
    this.body = body;
    this.texts = texts;
  }

  /**
   * Load and draw; if it is called again meanwhile, only the latest call draws.
   * @template Result
   * @param {() => Promise<Result>} ask @param {(result: Result) => any[]} draw
   */
  async fill(ask, draw) {
    const mine = ++this.#turn;
    failed.delete(this);
    this.body.setAttribute("aria-busy", "true");
    try {
      const result = await ask();
      if (mine === this.#turn) this.body.replaceChildren(...draw(result).filter(Boolean));
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
    const { title, kept, left } = this.texts;
    this.body.replaceChildren(h("p", { class: "muted" }, left));
    showProblem({ title, detail: problem.message, reference: problem.reference }, {
      kept, action: t("try-again"), onAction: () => [...failed.values()].forEach((retry) => retry()),
    });
  }
}
