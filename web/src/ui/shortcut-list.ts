/**
 * The list of a page's keyboard shortcuts, with the check box that switches them off (WCAG 2.1.4).
 * @module
 */

import { h } from "./dom.ts";
import { t } from "../i18n/l10n.ts";
import { storeValue } from "../stores/browser-storage.ts";

const STORED = "kinelog.keys";

/**
 * Create the list. The choice of the check box is stored for all pages of this browser.
 * @param help keys and their descriptions
 * @returns `on`, the check box, and `list`, which contains it
 */
export function shortcutList(help: string[][]): { on: HTMLInputElement; list: HTMLElement } {
  const on = h("input", { type: "checkbox", checked: localStorage.getItem(STORED) !== "off" });
  on.addEventListener("change", () => storeValue(STORED, on.checked ? "on" : "off"));
  const list = h("details", { class: "shortcuts" }, h("summary", null, t("keyboard-shortcuts")),
    h("label", { class: "check" }, on, t("use-shortcuts")),
    h("dl", null, help.map(([keys, does]) => h("div", null, h("dt", null, h("kbd", null, keys)), h("dd", null, does)))));
  return { on, list };
}
