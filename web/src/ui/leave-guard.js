/**
 * Warn before the page is left with unsaved work.
 * @module
 */

/** @param {Event} leaving */
const preventLeaving = (leaving) => leaving.preventDefault();

/** @param {boolean} isAsked whether to warn from now on */
export function askBeforeLeaving(isAsked) {
  if (isAsked) globalThis.addEventListener?.("beforeunload", preventLeaving);
  else globalThis.removeEventListener?.("beforeunload", preventLeaving);
}
