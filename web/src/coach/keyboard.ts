/**
 * Keyboard shortcuts of training pages. They can be switched off (WCAG 2.1.4).
 * @module
 */

import { h } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";

const STORED = "kinelog.keys";

const HELP = [["S", t("key-start-stop")], ["P", t("key-pause")], ["N", t("key-next")], ["U", t("key-undo")]];

function isTaken(event: KeyboardEvent) {
  const target = event.target as HTMLElement;
  return event.ctrlKey || event.metaKey || event.altKey || event.repeat || target.closest("input:not([type=checkbox], [type=radio]), select, textarea, dialog") !== null;
}

/**
 * Handle the keys from now on.
 * @returns the list of keys, with the checkbox that enables them
 */
export function coachKeys(onKey: (key: "s" | "p" | "n" | "u") => void): HTMLElement {
  const on = h("input", { type: "checkbox", checked: localStorage.getItem(STORED) !== "off" });
  on.addEventListener("change", () => localStorage.setItem(STORED, on.checked ? "on" : "off"));
  addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!on.checked || isTaken(event) || !(key === "s" || key === "p" || key === "n" || key === "u")) return;
    event.preventDefault();
    onKey(key);
  });
  return h("details", { class: "shortcuts" }, h("summary", null, t("keyboard-shortcuts")), h("label", { class: "check" }, on, t("use-shortcuts")),
    h("dl", null, HELP.map(([key, does]) => h("div", null, h("dt", null, h("kbd", null, key)), h("dd", null, does)))));
}
