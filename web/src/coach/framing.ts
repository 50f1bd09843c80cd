/**
 * Detects when the athlete has left the picture, and reports it once.
 * @module
 */

import { t } from "../i18n/l10n.ts";

/** Shorter absences are gaps of the pose model. */
const OUT_OF_FRAME_MS = 1500;

/** The cue for an athlete who has left the picture. */
export function leftFrameCue(atMs: number) {
  return { repetition: 0, cue: t("say-left"), say: t("say-left"), atMs, urgent: true };
}

/** Tracks whether the athlete stays in the picture. */
export class Framing {
  /** When the athlete left; Infinity once reported. */
  #outSinceMs: number | null = null;

  /** @returns whether to report it now */
  hasLeft(timeMs: number, present: boolean): boolean {
    const since = this.#outSinceMs;
    this.#outSinceMs = present ? null : since ?? timeMs;
    if (since === null || present || timeMs - since < OUT_OF_FRAME_MS) return false;
    this.#outSinceMs = Infinity;
    return true;
  }
}
