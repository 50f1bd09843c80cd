/**
 * Warn before the page is left with unsaved work.
 * @module
 */

/** @param {Event} leaving */
const preventLeaving = (leaving) => leaving.preventDefault();

/** @param {boolean} isGuarded whether to warn from now on */
export function askBeforeLeaving(isGuarded) {
  if (isGuarded) globalThis.addEventListener?.("beforeunload", preventLeaving);
  else globalThis.removeEventListener?.("beforeunload", preventLeaving);
}
