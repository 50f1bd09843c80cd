/**
 * Warn before the page is left with unsaved work.
 * @module
 */

const preventLeaving = (leaving: Event) => leaving.preventDefault();

/** Holders of unsaved work. */
const holders: Set<object> = new Set();

/** Whether the page has unsaved work. */
export const hasUnsavedWork = () => holders.size > 0;

/** @param isGuarded whether to warn from now on because of the work of this holder */
export function askBeforeLeaving(isGuarded: boolean, holder: object) {
  if (isGuarded) holders.add(holder);
  else holders.delete(holder);
  if (holders.size > 0) globalThis.addEventListener?.("beforeunload", preventLeaving);
  else globalThis.removeEventListener?.("beforeunload", preventLeaving);
}
