/**
 * Site header element: navigation, account link and contrast switch.
 * @module
 */

import "../i18n/display-settings.ts";
import "../offline/register.ts";
import "./missing-scripts.ts";
import "./repeated-press.ts";
import "./restored-page.ts";
import { h, icon, svg, type PATHS } from "./dom.ts";
import { hasSignedIn } from "../api/credentials.ts";
import { signInPage } from "../api/tenant.ts";
import { useAccountStore } from "../stores/account.ts";
import { applyConstraints } from "./schema-fields.ts";
import { t } from "../i18n/l10n.ts";
import { storeValue } from "../stores/browser-storage.ts";

/** Pages by name: address, label and icon. */
const LINKS: [string, string, string, keyof typeof PATHS][] = [
  ["home", "/", t("nav-home"), "home"], ["train", "/pose_realtime.html", t("nav-train"), "skeleton"], ["workouts", "/workout_player.html", t("nav-workouts"), "list"], ["plans", "/plans.html", t("nav-plans"), "calendar"],
  ["sessions", "/session_list.html", t("nav-sessions"), "play"], ["history", "/history.html", t("nav-history"), "chart"],
];

/** Pages that have no tab on phones; Home links to them. */
const ASIDE = new Set(["sessions", "history"]);

/** `<site-header current="home|train|workouts|plans|sessions|history|account">`. */
export class SiteHeader extends HTMLElement {
  #account = h("a", { class: "button quiet", href: "/account.html" });
  #unsubscribe = () => {};

  connectedCallback() {
    this.#unsubscribe = useAccountStore.subscribe(() => this.#show());
    this.#show();
    if (this.firstChild) return;
    const current = this.getAttribute("current");
    if (current === "account") this.#account.setAttribute("aria-current", "page");
    this.append(h("header", { class: "top" },
      h("a", { class: "brand", href: "/" },
        svg("svg", { class: "brand-mark", viewBox: "0 0 40 24", "aria-hidden": "true", focusable: "false" },
          svg("path", { d: "M2 6h5c4 0 4 14 8 14S19 6 23 6s4 10 8 10 4-10 7-10" })),
        h("span", null, "Kinelog")),
      h("nav", { class: "site-nav", "aria-label": t("nav-pages") },
        LINKS.map(([id, href, label, name]) => h("a", { class: ASIDE.has(id) ? "button quiet aside" : "button quiet", href, "aria-current": id === current && "page" }, icon(name), label)),
        this.#account),
      contrastSwitch()));
  }

  disconnectedCallback() {
    this.#unsubscribe();
  }

  /** Show the account link, or the sign-in link if nobody has signed in. */
  #show() {
    const isSignedIn = hasSignedIn();
    this.#account.replaceChildren(icon("person"), isSignedIn ? t("nav-account") : t("nav-sign-in"));
    this.#account.setAttribute("href", isSignedIn ? "/account.html" : signInPage());
  }
}

/** The contrast switch of this device; it overrides the account's and the system's setting. */
function contrastSwitch() {
  const button = h("button", { class: "button quiet contrast", type: "button", "aria-pressed": "false", "aria-label": t("high-contrast") },
    svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
      svg("circle", { cx: 12, cy: 12, r: 9 }), svg("path", { class: "solid", d: "M12 3a9 9 0 0 1 0 18z" })),
    h("span", { class: "contrast-label" }, t("high-contrast")));
  const update = () => button.setAttribute("aria-pressed", String(document.documentElement.dataset.contrast === "high"));
  button.addEventListener("click", () => {
    storeValue("contrast", button.getAttribute("aria-pressed") === "true" ? "normal" : "high");
    dispatchEvent(new Event("display"));
  });
  new MutationObserver(update).observe(document.documentElement, { attributeFilter: ["data-contrast"] });
  update();
  return button;
}

customElements.define("site-header", SiteHeader);

// Every page has the header, and so the constraints of its fields.
applyConstraints(document);

declare global {
  interface HTMLElementTagNameMap { "site-header": SiteHeader }
}
