/**
 * Settings of the player, stored in this browser.
 * @module
 */

import { byId } from "../ui/dom.js";

/** @typedef {{byCamera: boolean, voice: boolean, notify: boolean, listen: boolean, every: 1 | 5}} Settings `every`: announce every n-th repetition */

const STORED = "kinelog.workout";

const BOXES = /** @type {const} */ (["voice", "notify", "listen"]);

/** @returns {Settings} the stored settings */
export function settings() {
  const usual = { byCamera: true, voice: true, notify: false, listen: false, every: /** @type {const} */ (1) };
  try {
    return { ...usual, ...JSON.parse(localStorage.getItem(STORED) ?? "{}") };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return usual; // not written by this page
  }
}

/** Fill the form with settings. @param {Settings} chosen */
export function show(chosen) {
  byId(chosen.byCamera ? "by-camera" : "by-hand").checked = true;
  for (const box of BOXES) byId(box).checked = chosen[box];
  byId("every").value = String(chosen.every);
}

/** Read the settings from the form and store them. @returns {Settings} */
export function take() {
  const chosen = { byCamera: byId("by-camera").checked, voice: byId("voice").checked, notify: byId("notify").checked, listen: byId("listen").checked, every: byId("every").value === "5" ? /** @type {const} */ (5) : /** @type {const} */ (1) };
  keep(chosen);
  return chosen;
}

/** @param {Settings} chosen */
export function keep(chosen) {
  localStorage.setItem(STORED, JSON.stringify(chosen));
}
