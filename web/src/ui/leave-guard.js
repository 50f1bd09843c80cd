/**
 * Warn before the page is left with unsaved work.
 * @module
 */

/** @param {Event} leaving */
const stay = (leaving) => leaving.preventDefault();

/** @param {boolean} isAsked whether to warn from now on */
export function askBeforeLeaving(isAsked) {
  if (isAsked) globalThis.addEventListener?.("beforeunload", stay);
  else globalThis.removeEventListener?.("beforeunload", stay);
}
