/**
 * Achievements earned in a session, shown as soon as they are known.
 * @module
 */

import { getSessionAchievements, figureWords, mark, title, type Achievement } from "./achievements.ts";
import { h } from "./dom.ts";
import { t } from "../i18n/l10n.ts";

function item(achievement: Achievement) {
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

  /** Poll until the session is evaluated. */
  async show(session: string) {
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
      this.#say(t("achievements-not-loaded", { reason: (error as Error).message }));
    }
  }

  #tell(items: Achievement[] | null) {
    if (items === null) {
      this.#say(t("achievements-not-ready"));
      return;
    }
    this.#list.replaceChildren(...items.map(item));
    this.#say(items.length ? t("achievements-earned", { count: items.length }) : "");
  }

  #say(text: string, busy = false) {
    this.#status.textContent = text;
    this.#list.hidden = this.#list.childElementCount === 0;
    this.setAttribute("aria-busy", String(busy));
  }
}

customElements.define("new-achievements", NewAchievements);

declare global {
  interface HTMLElementTagNameMap { "new-achievements": NewAchievements }
}
