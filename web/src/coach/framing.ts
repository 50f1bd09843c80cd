/**
 * Detects when the athlete has left the picture.
 * @module
 */

import { t } from "../i18n/l10n.ts";

/** Shorter absences are gaps of the pose model. */
const OUT_OF_FRAME_MS = 1500;

/** A camera that sees nobody for longer is turned off: ten minutes. */
const UNATTENDED_MS = 600_000;

/** Frames that are further apart come from a page that was hidden in the meantime. */
const HIDDEN_MS = 5000;

/** The cue for an athlete who has left the picture. */
export function leftFrameCue(atMs: number) {
  return { repetition: 0, cue: t("say-left"), say: t("say-left"), atMs, urgent: true };
}

/** Reports once when the athlete has left the picture. */
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

/** Tracks for how long nobody was in the picture, while frames arrived. */
export class Attendance {
  #lastMs = Infinity;
  #absentMs = 0;

  /** @returns whether nobody was there for so long that the camera should be turned off */
  isUnattended(timeMs: number, isSomebodyThere: boolean): boolean {
    const passedMs = timeMs - this.#lastMs;
    this.#lastMs = timeMs;
    if (isSomebodyThere) this.#absentMs = 0;
    else if (passedMs > 0 && passedMs < HIDDEN_MS) this.#absentMs += passedMs;
    return this.#absentMs > UNATTENDED_MS;
  }
}
