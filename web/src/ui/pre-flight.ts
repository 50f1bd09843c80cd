/**
 * Pre-flight element: the five checks before a camera can count.
 * @module
 */

import { announce, h } from "./dom.ts";
import { t } from "../i18n/l10n.ts";
import type { Light } from "../coach/camera-checks.ts";

const MARKS = { green: "✓", red: "✕", waiting: "…" };
const WORDS = { green: t("phase-ready"), red: t("check-not-yet"), waiting: t("check-checking") };

/** `<pre-flight>`: shows each check by mark, word and color. */
export class PreFlight extends HTMLElement {
  #list = h("ul", { class: "lights" });
  #announced = "";

  connectedCallback() {
    if (!this.firstChild) this.append(this.#list);
  }

  /** @param isAnnounced whether to announce changes */
  show(lights: Light[], isAnnounced: boolean) {
    this.#list.replaceChildren(...lights.map(({ id, state, name, advice }) => h("li", { class: `light ${state}`, "data-light": id, "data-state": state },
      h("span", { class: "light-mark", "aria-hidden": "true" }, MARKS[state]),
      h("span", { class: "light-text" }, h("b", null, name), " ", h("span", { class: "light-state" }, WORDS[state]), state === "green" ? null : h("span", { class: "light-advice" }, advice)))));
    const first = lights.find((light) => light.state === "red");
    const text = first ? `${first.name}: ${first.advice}` : lights.every((light) => light.state === "green") ? t("five-checks-green") : "";
    if (isAnnounced && text && text !== this.#announced) announce(text);
    this.#announced = text || this.#announced;
  }
}

customElements.define("pre-flight", PreFlight);

declare global {
  interface HTMLElementTagNameMap { "pre-flight": PreFlight }
}
