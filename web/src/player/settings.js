/**
 * How somebody wants to be guided; this browser remembers it.
 * @module
 */

import { byId } from "../ui/dom.js";

/** @typedef {{byCamera: boolean, voice: boolean, notify: boolean, listen: boolean, every: 1 | 5}} Settings `every`: how many repetitions are between two announcements */

const STORED = "kinelog.workout";

const BOXES = /** @type {const} */ (["voice", "notify", "listen"]);

/** @returns {Settings} as they were chosen the last time */
export function settings() {
  const usual = { byCamera: true, voice: true, notify: false, listen: false, every: /** @type {const} */ (1) };
  try {
    return { ...usual, ...JSON.parse(localStorage.getItem(STORED) ?? "{}") };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return usual; // somebody else wrote there
  }
}

/** Show the settings in the form. @param {Settings} chosen */
export function show(chosen) {
  byId(chosen.byCamera ? "by-camera" : "by-hand").checked = true;
  for (const box of BOXES) byId(box).checked = chosen[box];
  byId("every").value = String(chosen.every);
}

/** Take the settings from the form, and remember them. @returns {Settings} */
export function take() {
  const chosen = { byCamera: byId("by-camera").checked, voice: byId("voice").checked, notify: byId("notify").checked, listen: byId("listen").checked, every: byId("every").value === "5" ? /** @type {const} */ (5) : /** @type {const} */ (1) };
  keep(chosen);
  return chosen;
}

/** @param {Settings} chosen */
export function keep(chosen) {
  localStorage.setItem(STORED, JSON.stringify(chosen));
}
