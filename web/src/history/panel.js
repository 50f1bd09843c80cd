/**
 * Panels of the history page: loading, drawing, and retrying after failures.
 * @module
 */

import { Problem } from "../api/client.js";
import { t } from "../i18n/l10n.js";
import { showProblem } from "../ui/banner.js";
import { h } from "../ui/dom.js";

/** Failed panels and their retry functions; one button of the banner retries all. @type {Map<Panel, () => void>} */
const failed = new Map();

/** A section of the page that is filled from the server. */
export class Panel {
  #turn = 0;

  /** @param {HTMLElement} body element whose content is replaced */
  constructor(body) {
    this.body = body;
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
    this.body.replaceChildren(h("p", { class: "muted" }, t("history-panel-not-loaded")));
    showProblem({ title: t("history-part-not-loaded"), detail: problem.message, reference: problem.reference }, {
      kept: t("sessions-safe"),
      action: t("try-again"), onAction: () => [...failed.values()].forEach((retry) => retry()),
    });
  }
}
