/**
 * What the coach says, as captions: the latest large, the ones before it in a list.
 * @module
 */

import { h } from "./dom.js";

/** Cues that are kept in sight. */
const KEPT = 5;

/**
 * `<cue-dock>`. Captions of what is spoken are no live region, or a screen reader would speak over
 * the voice; an urgent cue is an alert, and where nothing is spoken the caption is a status.
 */
export class CueDock extends HTMLElement {
  #latest = h("p", { class: "cue-latest" });
  #alert = h("p", { class: "cue-urgent", role: "alert" });
  #told = h("p", { class: "visually-hidden", role: "status" });
  #before = h("ul", { class: "cue-list", "aria-label": "Cues before" });

  connectedCallback() {
    if (!this.firstChild) this.append(this.#alert, this.#latest, this.#told, this.#before);
  }

  /**
   * @param {{cue: string, repetition: number, urgent?: boolean}} cue
   * @param {boolean} spoken whether a voice says it, too
   */
  add({ cue, repetition, urgent = false }, spoken) {
    const earlier = this.#latest.textContent;
    if (earlier) this.#before.prepend(h("li", null, earlier));
    while (this.#before.children.length > KEPT) this.#before.lastElementChild?.remove();
    this.#latest.textContent = repetition > 0 ? `${cue} (repetition ${repetition})` : cue;
    this.#alert.textContent = urgent ? cue : "";
    this.#told.textContent = spoken || urgent ? "" : cue;
  }

  /** Forget the cues of the set before. */
  clear() {
    for (const each of [this.#latest, this.#alert, this.#told]) each.textContent = "";
    this.#before.replaceChildren();
  }
}

customElements.define("cue-dock", CueDock);
