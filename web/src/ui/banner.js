/**
 * Error banners and notices: what happened, what is safe, what to do, and a reference for support.
 * @module
 */

import { byId, h, icon } from "./dom.js";
import { t } from "../i18n/l10n.js";

/**
 * @typedef {object} Advice
 * @property {string} [kept] what is safe
 * @property {string} [advice] what to do now
 * @property {string} [action] label of a button
 * @property {() => void} [onAction]
 */

/**
 * Show a problem. It replaces the previous one.
 * @param {{title: string, detail?: string | null, reference?: string | null}} problem
 * @param {Advice} [advice]
 */
export function showProblem(problem, { kept, advice, action, onAction } = {}) {
  const act = action && h("button", { class: "button primary", type: "button", onclick: () => { clearBanner(); onAction?.(); } }, action);
  const dismiss = h("button", { class: "button", type: "button", onclick: clearBanner }, t("dismiss"));
  byId("banner").replaceChildren(
    h("div", { class: "banner" },
      icon("alert"),
      h("div", { class: "banner-text" },
        h("p", { class: "banner-title" }, problem.title),
        problem.detail && problem.detail !== problem.title && h("p", null, problem.detail),
        kept && h("p", null, kept),
        advice && h("p", null, advice),
        problem.reference && h("p", { class: "banner-reference" }, t("reference"), " ", h("code", null, problem.reference))),
      h("div", { class: "banner-actions" }, act, dismiss)));
  byId("banner").scrollIntoView({ block: "nearest" });
}

/**
 * Show that something is ready, with a link to it.
 * @param {string} text
 * @param {{href: string, label: string}} link
 */
export function showNotice(text, { href, label }) {
  byId("notice").replaceChildren(h("p", { class: "notice" }, text, h("a", { class: "button", href }, label)));
}

/**
 * Show a hint until the returned function is called.
 * @param {string} text
 * @returns {() => void} removes the hint
 */
export function showHint(text) {
  const hint = h("p", { class: "notice" }, text);
  byId("notice").append(hint);
  hint.scrollIntoView({ block: "nearest" });
  return () => hint.remove();
}

/** Remove the banner; the notice stays. */
export function clearBanner() {
  byId("banner").replaceChildren();
}

/** Remove the banner and the notice. */
export function clearProblem() {
  clearBanner();
  byId("notice").replaceChildren();
}
