/**
 * Settings of the player, stored in this browser.
 * @module
 */

import { byId } from "../ui/dom.js";

/** @typedef {{byCamera: boolean, voice: boolean, notify: boolean, listen: boolean, every: 1 | 5, keep: boolean}} Settings `every`: announce every n-th repetition; `keep`: record the movement. That pictures are recorded is never stored. */

const STORED = "kinelog.workout";

const BOXES = /** @type {const} */ (["voice", "notify", "listen", "keep"]);

/** @returns {Settings} the stored settings */
export function settings() {
  const usual = { byCamera: true, voice: true, notify: false, listen: false, every: /** @type {const} */ (1), keep: true };
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
  showKept();
}

/** Say what will be kept of the workout, and whether a film can be. */
export function showKept() {
  byId("keeping").hidden = byId("by-hand").checked;
  byId("film").disabled = !byId("keep").checked;
}

/** Read the settings from the form and store them. @returns {Settings} */
export function take() {
  const chosen = { byCamera: byId("by-camera").checked, voice: byId("voice").checked, notify: byId("notify").checked, listen: byId("listen").checked, keep: byId("keep").checked, every: byId("every").value === "5" ? /** @type {const} */ (5) : /** @type {const} */ (1) };
  keep(chosen);
  return chosen;
}

/** @param {Settings} chosen */
export function keep(chosen) {
  localStorage.setItem(STORED, JSON.stringify(chosen));
}
