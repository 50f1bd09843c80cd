/**
 * Achievements earned in a session, shown as soon as they are known.
 * @module
 */

import { getSessionAchievements, figureWords, mark, title } from "./achievements.js";
import { h } from "./dom.js";
import { t } from "../i18n/l10n.js";

/** @param {import("./achievements.js").Achievement} achievement */
function item(achievement) {
  return h("li", null, mark(achievement),
    h("div", null, h("b", null, title(achievement)), h("span", { class: "muted" }, figureWords(achievement.measure, achievement.figure))));
}

/** `<new-achievements>`: badges and trophies of one session; empty if there are none. */
export class NewAchievements extends HTMLElement {
  #asking = new AbortController();
  #status = h("p", { class: "muted", role: "status" });
  #list = h("ul", { class: "medals" });

  disconnectedCallback() {
    this.#asking.abort();
  }

  /** Poll until the session is evaluated. @param {string} session */
  async show(session) {
    this.#asking.abort();
    const asking = this.#asking = new AbortController();
    this.#list.replaceChildren();
    this.#say("", true);
    this.replaceChildren(this.#status, this.#list);
    try {
      const items = await getSessionAchievements(session, asking.signal);
      if (!asking.signal.aborted) this.#tell(items);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.#say(t("achievements-not-loaded", { reason: /** @type {Error} */ (error).message }));
    }
  }

  /** @param {import("./achievements.js").Achievement[] | null} items */
  #tell(items) {
    if (items === null) {
      this.#say(t("achievements-not-ready"));
      return;
    }
    this.#list.replaceChildren(...items.map(item));
    this.#say(items.length ? t("achievements-earned", { count: items.length }) : "");
  }

  /** @param {string} text @param {boolean} [busy] */
  #say(text, busy = false) {
    this.#status.textContent = text;
    this.#list.hidden = this.#list.childElementCount === 0;
    this.setAttribute("aria-busy", String(busy));
  }
}

customElements.define("new-achievements", NewAchievements);
