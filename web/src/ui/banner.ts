/**
 * Error banners and notices: what happened, what is safe, what to do, and a reference for support.
 * @module
 */

import { byId, h, icon } from "./dom.ts";
import { t } from "../i18n/l10n.ts";

export interface Advice {
  /** what is safe */
  kept?: string;
  /** what to do now */
  advice?: string;
  /** label of a button */
  action?: string;
  onAction?: () => void;
  /** a page that is opened in another tab */
  link?: {href: string, label: string};
}

/** Code of the problem that is shown; "" if there is none. */
let shown = "";

/** Show a problem. It replaces the previous one. */
export function showProblem(problem: {title: string, detail?: string | null, reference?: string | null, code?: string}, { kept, advice, action, onAction, link }: Advice = {}) {
  const act = action && h("button", { class: "button primary", type: "button", onclick: () => { leaveBanner(); onAction?.(); } }, action);
  const opens = link && h("a", { class: "button", href: link.href, target: "_blank" }, link.label);
  const dismiss = h("button", { class: "button", type: "button", onclick: leaveBanner }, t("dismiss"));
  shown = problem.code ?? "";
  byId("banner").replaceChildren(
    h("div", { class: "banner" },
      icon("alert"),
      h("div", { class: "banner-text" },
        h("p", { class: "banner-title" }, problem.title),
        problem.detail && problem.detail !== problem.title && h("p", null, problem.detail),
        kept && h("p", null, kept),
        advice && h("p", null, advice),
        problem.reference && h("p", { class: "banner-reference" }, t("reference"), " ", h("code", null, problem.reference))),
      h("div", { class: "banner-actions" }, opens, act, dismiss)));
  byId("banner").scrollIntoView({ block: "nearest" });
}

/** Show that something is ready, with a link to it. */
export function showNotice(text: string, { href, label }: {href: string, label: string}) {
  byId("notice").replaceChildren(h("p", { class: "notice" }, text, h("a", { class: "button", href }, label)));
}

/**
 * Show a hint until the returned function is called.
 * @returns removes the hint
 */
export function showHint(text: string): () => void {
  const hint = h("p", { class: "notice" }, text);
  byId("notice").append(hint);
  hint.scrollIntoView({ block: "nearest" });
  return () => hint.remove();
}

/** Remove the banner whose button was pressed, and pass the keyboard focus on to the content of the page. */
function leaveBanner() {
  clearBanner();
  byId("main").focus({ preventScroll: true });
}

/** Remove the banner; the notice stays. */
export function clearBanner() {
  shown = "";
  byId("banner").replaceChildren();
}

/** Remove the banner if it shows the problem with a code. */
export function clearBannerOf(code: string) {
  if (shown === code) clearBanner();
}

/** Remove the banner and the notice. */
export function clearProblem() {
  clearBanner();
  byId("notice").replaceChildren();
}
