/**
 * Segments of a lesson in words.
 * @module
 */

import "./texts.js";
import { clock, decimal } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { amountWords } from "../workouts/plan.js";

/** @typedef {import("../api/client.js").Schemas["LessonSegment"]} Segment */
/** @typedef {import("../api/client.js").Tempo} Tempo */

/** @param {{repetitions: number | null, heldS: number | null}} segment "8 repetitions" or "30 seconds" */
export function amountOf({ repetitions, heldS }) {
  return repetitions === null ? amountWords(Math.round(heldS ?? 0), "hold") : amountWords(repetitions, "repetitions");
}

/** @param {{startMs: number, endMs: number}} segment */
export function timesOf({ startMs, endMs }) {
  return `${clock(startMs / 1000)} – ${clock(endMs / 1000)}`;
}

/** Seconds of the movement: both phases and the pause between them. @param {Tempo} tempo */
export function secondsOf({ eccentricS, bottomPauseS, concentricS }) {
  return eccentricS + bottomPauseS + concentricS;
}

/** What the trainer does, as "2.4 s down and up · 98°"; "" if nothing was measured. @param {Segment} segment */
export function targetsOf({ tempo, rangeOfMotionDeg }) {
  return [
    tempo && t("lesson-seconds-each", { seconds: decimal(secondsOf(tempo), 1) }),
    rangeOfMotionDeg !== null && t("lesson-range", { degrees: Math.round(rangeOfMotionDeg) }),
  ].filter(Boolean).join(" · ");
}
