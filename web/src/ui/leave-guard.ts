/**
 * Warn before the page is left with unsaved work.
 * @module
 */

const preventLeaving = (leaving: Event) => leaving.preventDefault();

/** @param isGuarded whether to warn from now on */
export function askBeforeLeaving(isGuarded: boolean) {
  if (isGuarded) globalThis.addEventListener?.("beforeunload", preventLeaving);
  else globalThis.removeEventListener?.("beforeunload", preventLeaving);
}
