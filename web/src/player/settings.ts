/**
 * Settings of the player, stored in this browser.
 * @module
 */

import { byId } from "../ui/dom.ts";
import { storeValue } from "../stores/browser-storage.ts";

/** `every`: announce every n-th repetition; `keep`: record the movement. That pictures are recorded is never stored. */
export type Settings = {byCamera: boolean, voice: boolean, notify: boolean, listen: boolean, every: 1 | 5, keep: boolean};

const STORED = "kinelog.workout";

const BOXES = ["voice", "notify", "listen", "keep"] as const;

/** @returns the stored settings */
export function settings(): Settings {
  const usual = { byCamera: true, voice: true, notify: false, listen: false, every: 1 as const, keep: true };
  try {
    return { ...usual, ...JSON.parse(localStorage.getItem(STORED) ?? "{}") };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return usual; // not written by this page
  }
}

/** Fill the form with settings. */
export function show(chosen: Settings) {
  byId<"input">(chosen.byCamera ? "by-camera" : "by-hand").checked = true;
  for (const box of BOXES) byId<"input">(box).checked = chosen[box];
  byId<"select">("every").value = String(chosen.every);
  showKept();
}

/** Say what will be kept of the workout, and whether a video can be. */
export function showKept() {
  byId("keeping").hidden = byId<"input">("by-hand").checked;
  byId<"input">("keep-video").disabled = !byId<"input">("keep").checked;
}

/** Read the settings from the form and store them. */
export function take(): Settings {
  const chosen = { byCamera: byId<"input">("by-camera").checked, voice: byId<"input">("voice").checked, notify: byId<"input">("notify").checked, listen: byId<"input">("listen").checked, keep: byId<"input">("keep").checked, every: byId<"select">("every").value === "5" ? 5 as const : 1 as const };
  keep(chosen);
  return chosen;
}

export function keep(chosen: Settings) {
  storeValue(STORED, JSON.stringify(chosen));
}
