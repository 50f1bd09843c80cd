/**
 * Detects when the athlete has left the picture, and reports it once.
 * @module
 */

import { t } from "../i18n/l10n.js";

/** Shorter absences are gaps of the pose model. */
const OUT_OF_FRAME_MS = 1500;

/** The cue for an athlete who has left the picture. @param {number} atMs */
export function leftFrameCue(atMs) {
  return { repetition: 0, cue: t("say-left"), say: t("say-left"), atMs, urgent: true };
}

/** Tracks whether the athlete stays in the picture. */
export class Framing {
  /** When the athlete left; Infinity once reported. @type {number | null} */
  #outSinceMs = null;

  /** @param {number} timeMs @param {boolean} present @returns {boolean} whether to report it now */
  hasLeft(timeMs, present) {
    const since = this.#outSinceMs;
    this.#outSinceMs = present ? null : since ?? timeMs;
    if (since === null || present || timeMs - since < OUT_OF_FRAME_MS) return false;
    this.#outSinceMs = Infinity;
    return true;
  }
}
