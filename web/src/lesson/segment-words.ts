/**
 * Segments of a lesson in words.
 * @module
 */

import "./texts.ts";
import { clock, decimal } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { amountWords } from "../workouts/plan.ts";
import type { Schemas, Tempo } from "../api/client.ts";

export type Segment = Schemas["LessonSegment"];

/** @param segment "8 repetitions" or "30 seconds" */
export function amountOf({ repetitions, heldS }: {repetitions: number | null, heldS: number | null}) {
  return repetitions === null ? amountWords(Math.round(heldS ?? 0), "hold") : amountWords(repetitions, "repetitions");
}

export function timesOf({ startMs, endMs }: {startMs: number, endMs: number}) {
  return `${clock(startMs / 1000)} – ${clock(endMs / 1000)}`;
}

/** Seconds of the movement: both phases and the pause between them. */
export function secondsOf({ eccentricS, bottomPauseS, concentricS }: Tempo) {
  return eccentricS + bottomPauseS + concentricS;
}

/** What the trainer does, as "2.4 s down and up · 98°"; "" if nothing was measured. */
export function targetsOf({ tempo, rangeOfMotionDeg }: Segment) {
  return [
    tempo && t("lesson-seconds-each", { seconds: decimal(secondsOf(tempo), 1) }),
    rangeOfMotionDeg !== null && t("lesson-range", { degrees: Math.round(rangeOfMotionDeg) }),
  ].filter(Boolean).join(" · ");
}
