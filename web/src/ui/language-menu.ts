/**
 * Language menu: the language of this device, for people without an account.
 * @module
 */

import { LANGUAGE, LANGUAGES, t } from "../i18n/l10n.ts";
import { hasSignedIn } from "../api/credentials.ts";
import { h } from "./dom.ts";
import { changeLanguage } from "./page-language.ts";

/** `<language-menu>`: hidden for those who have signed in, as their account has a language. */
export class LanguageMenu extends HTMLElement {
  connectedCallback() {
    this.hidden = hasSignedIn();
    if (this.firstChild) return;
    const menu = h("select", { id: "page-language" },
      Object.entries(LANGUAGES).map(([language, name]) => h("option", { value: language, lang: language, selected: language === LANGUAGE }, name)));
    const change = h("button", { class: "button", type: "button", onclick: () => changeLanguage(menu.value) }, t("language-change")); // not by choosing: arrow keys choose each language that they pass
    this.append(h("label", { class: "field inline", for: "page-language" }, h("span", null, t("language")), menu), change);
  }
}

customElements.define("language-menu", LanguageMenu);

declare global {
  interface HTMLElementTagNameMap { "language-menu": LanguageMenu }
}
