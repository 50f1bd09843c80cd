/**
 * Panels: sections of a page that load, draw, and can be retried after failures.
 * @module
 */

import { Problem } from "../api/client.ts";
import { t } from "../i18n/l10n.ts";
import { showProblem } from "./banner.ts";
import { h, isPresent } from "./dom.ts";

/** Failed panels and their retry functions; one button of the banner retries all. */
const failed: Map<Panel, () => void> = new Map();

/** Texts after a failure: the banner's title, what is not lost, and the text in the panel. */
type Texts = {title: string, kept: string, left: string};

/** A section of the page that is filled from the server. */
export class Panel {
  body: HTMLElement;
  texts: Texts;

  #turn = 0;

  /** @param body element whose content is replaced */
  constructor(body: HTMLElement, texts: Texts) {
    this.body = body;
    this.texts = texts;
  }

  /** Load and draw; if it is called again meanwhile, only the latest call draws. */
  async fill<Result>(ask: () => Promise<Result>, draw: (result: Result) => (string | Node | null | false)[]) {
    const mine = ++this.#turn;
    failed.delete(this);
    this.body.setAttribute("aria-busy", "true");
    try {
      const result = await ask();
      if (mine === this.#turn) this.body.replaceChildren(...draw(result).filter(isPresent));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (mine === this.#turn) this.#refused(error, () => void this.fill(ask, draw));
    } finally {
      if (mine === this.#turn) this.body.setAttribute("aria-busy", "false");
    }
  }

  #refused(problem: Problem, again: () => void) {
    failed.set(this, again);
    const { title, kept, left } = this.texts;
    this.body.replaceChildren(h("p", { class: "muted" }, left));
    showProblem({ title, detail: problem.message, reference: problem.reference }, {
      kept, action: t("try-again"), onAction: () => [...failed.values()].forEach((retry) => retry()),
    });
  }
}
