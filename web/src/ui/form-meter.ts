/**
 * Form meter element: how good the latest repetition was, as text, shape, length and color.
 * @module
 */

import { h } from "./dom.ts";
import { formBadge, formClass, percent } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";

/** `<form-meter>`: form of the latest repetition, 0..1, or not measured. */
export class FormMeter extends HTMLElement {
  #bar = h("meter", { class: "form-bar", min: 0, max: 1, low: 0.65, high: 0.85, optimum: 1, "aria-label": t("form-of-latest") });
  #badge = h("span", null);

  connectedCallback() {
    if (!this.firstChild) this.append(this.#badge, this.#bar);
    this.show(null);
  }

  show(form: number | null) {
    this.dataset.form = formClass(form);
    this.#bar.hidden = form === null;
    this.#bar.value = form ?? 0;
    this.#bar.textContent = form === null ? "" : percent(form);
    this.#badge.replaceChildren(formBadge(form));
  }
}

customElements.define("form-meter", FormMeter);

declare global {
  interface HTMLElementTagNameMap { "form-meter": FormMeter }
}
