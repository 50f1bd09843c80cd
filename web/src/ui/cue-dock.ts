/**
 * Coaching cues as captions: the latest one large, the previous ones in a list.
 * @module
 */

import { h } from "./dom.ts";
import { t } from "../i18n/l10n.ts";

/** Number of previous cues to show. */
const KEPT = 5;

/**
 * `<cue-dock>`. Captions of spoken cues are not a live region, or a screen reader would speak over
 * the voice. An urgent cue is an alert; when no voice speaks, the caption is a status message.
 */
export class CueDock extends HTMLElement {
  #latest = h("p", { class: "cue-latest" });
  #alert = h("p", { class: "cue-urgent", role: "alert" });
  #status = h("p", { class: "visually-hidden", role: "status" });
  #before = h("ul", { class: "cue-list", "aria-label": t("previous-cues") });

  connectedCallback() {
    if (!this.firstChild) this.append(this.#alert, this.#latest, this.#status, this.#before);
  }

  /** @param spoken whether a voice speaks it, too */
  add({ cue, repetition, urgent = false }: {cue: string, repetition: number, urgent?: boolean}, spoken: boolean) {
    const earlier = this.#latest.textContent;
    if (earlier) this.#before.prepend(h("li", null, earlier));
    while (this.#before.children.length > KEPT) this.#before.lastElementChild?.remove();
    this.#latest.textContent = repetition > 0 ? t("cue-of-repetition", { cue, repetition }) : cue;
    this.#alert.textContent = urgent ? cue : "";
    this.#status.textContent = spoken || urgent ? "" : cue;
  }

  /** Remove the cues of the previous set. */
  clear() {
    for (const each of [this.#latest, this.#alert, this.#status]) each.textContent = "";
    this.#before.replaceChildren();
  }
}

customElements.define("cue-dock", CueDock);

declare global {
  interface HTMLElementTagNameMap { "cue-dock": CueDock }
}
