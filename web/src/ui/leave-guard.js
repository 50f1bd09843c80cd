/**
 * Where a page that is left would lose something, the browser asks before.
 * @module
 */

/** @param {Event} leaving */
const stay = (leaving) => leaving.preventDefault();

/** @param {boolean} isAsked From now on, or no more. */
export function askBeforeLeaving(isAsked) {
  if (isAsked) globalThis.addEventListener?.("beforeunload", stay);
  else globalThis.removeEventListener?.("beforeunload", stay);
}
