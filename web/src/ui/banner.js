/**
 * Problems as banners: what happened, what is kept, what to do, and the reference to ask with.
 * @module
 */

import { byId, h, icon } from "./dom.js";

/**
 * @typedef {object} Advice
 * @property {string} [kept] what is safe
 * @property {string} [advice] what to do now
 * @property {string} [action] label of a button
 * @property {() => void} [onAction]
 */

/**
 * Show a problem; it replaces the one before.
 * @param {{title: string, detail?: string | null, reference?: string | null}} problem
 * @param {Advice} [advice]
 */
export function showProblem(problem, { kept, advice, action, onAction } = {}) {
  const act = action && h("button", { class: "button primary", type: "button", onclick: () => { clearBanner(); onAction?.(); } }, action);
  const dismiss = h("button", { class: "button", type: "button", onclick: clearBanner }, "Dismiss");
  byId("banner").replaceChildren(
    h("div", { class: "banner" },
      icon("alert"),
      h("div", { class: "banner-text" },
        h("p", { class: "banner-title" }, problem.title),
        problem.detail && problem.detail !== problem.title && h("p", null, problem.detail),
        kept && h("p", null, kept),
        advice && h("p", null, advice),
        problem.reference && h("p", { class: "banner-reference" }, "Reference: ", h("code", null, problem.reference))),
      h("div", { class: "banner-actions" }, act, dismiss)));
  byId("banner").scrollIntoView({ block: "nearest" });
}

/**
 * Say that something is ready, without taking the reader there.
 * @param {string} text
 * @param {{href: string, label: string}} link
 */
export function showNotice(text, { href, label }) {
  byId("notice").replaceChildren(h("p", { class: "notice" }, text, h("a", { class: "button", href }, label)));
}

/**
 * Say something for as long as it is so.
 * @param {string} text
 * @returns {() => void} what takes it away
 */
export function showHint(text) {
  const hint = h("p", { class: "notice" }, text);
  byId("notice").append(hint);
  hint.scrollIntoView({ block: "nearest" });
  return () => hint.remove();
}

/** Take the banner away; a notice, and what can be done by it, stays. */
export function clearBanner() {
  byId("banner").replaceChildren();
}

/** Take the banner and the notice away. */
export function clearProblem() {
  clearBanner();
  byId("notice").replaceChildren();
}
