/**
 * Keyboard shortcuts of training pages. They can be switched off (WCAG 2.1.4).
 * @module
 */

import { shortcutList } from "../ui/shortcut-list.ts";
import { t } from "../i18n/l10n.ts";

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
  const { on, list } = shortcutList(HELP);
  addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!on.checked || isTaken(event) || !(key === "s" || key === "p" || key === "n" || key === "u")) return;
    event.preventDefault();
    onKey(key);
  });
  return list;
}
