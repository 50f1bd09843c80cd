/**
 * What a session earned, told as soon as it is known.
 * @module
 */

import { earnedIn, figureWords, mark, title } from "./achievements.js";
import { h } from "./dom.js";
import { counted } from "../i18n/format.js";

/** @param {import("./achievements.js").Achievement} achievement */
function item(achievement) {
  return h("li", null, mark(achievement),
    h("div", null, h("b", null, title(achievement)), h("span", { class: "muted" }, figureWords(achievement.measure, achievement.figure))));
}

/** `<earned-now>`: new badges and trophies; nothing as long as there are none. */
export class EarnedNow extends HTMLElement {
  #asking = new AbortController();
  #said = h("p", { class: "muted", role: "status" });
  #list = h("ul", { class: "medals" });

  disconnectedCallback() {
    this.#asking.abort();
  }

  /** Ask until it is known. @param {string} session */
  async show(session) {
    this.#asking.abort();
    const asking = this.#asking = new AbortController();
    this.#list.replaceChildren();
    this.#say("", true);
    this.replaceChildren(this.#said, this.#list);
    try {
      const items = await earnedIn(session, asking.signal);
      if (!asking.signal.aborted) this.#tell(items);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.#say(`What this earned could not be looked up: ${/** @type {Error} */ (error).message} It is not lost, and will be in your account.`);
    }
  }

  /** @param {import("./achievements.js").Achievement[] | null} items */
  #tell(items) {
    if (items === null) {
      this.#say("What this earned is not known yet. It will be in your account.");
      return;
    }
    this.#list.replaceChildren(...items.map(item));
    this.#say(items.length ? `You earned ${counted(items.length, "achievement")}.` : "");
  }

  /** @param {string} text @param {boolean} [busy] */
  #say(text, busy = false) {
    this.#said.textContent = text;
    this.#list.hidden = this.#list.childElementCount === 0;
    this.setAttribute("aria-busy", String(busy));
  }
}

customElements.define("earned-now", EarnedNow);
