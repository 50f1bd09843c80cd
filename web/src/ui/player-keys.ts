/**
 * Keyboard shortcuts of the players. They can be switched off (WCAG 2.1.4).
 * @module
 */

import { shortcutList } from "./shortcut-list.ts";

/** Whether the focused element uses the key itself. */
function isTaken(event: KeyboardEvent) {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea, dialog")) return true;
  return event.key === " " && target.closest("button, a, summary") !== null;
}

/**
 * Handle keys until the signal aborts.
 * @param act action by key; letters are lower case
 * @param help keys and their descriptions
 * @returns the list of keys, with the checkbox that enables them
 */
export function listenToKeys(act: Record<string, () => void>, help: string[][], signal: AbortSignal): HTMLElement {
  const { on, list } = shortcutList(help);
  addEventListener("keydown", (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const onCurve = (event.target as HTMLElement).closest("[role=slider]") !== null;
    if (!(key in act) || isTaken(event) || (!on.checked && !onCurve)) return;
    event.preventDefault();
    act[key]();
  }, { signal });
  return list;
}
