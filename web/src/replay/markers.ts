/**
 * Timeline markers of a replay: repetitions, cues and pauses. Repetitions are numbered within the session;
 * the server numbers them within their set, with gaps where some were rejected.
 * @module
 */

import "./texts.ts";
import { clock, formClass, percent, words } from "../i18n/format.ts";
import { said, t } from "../i18n/l10n.ts";

/** Seconds to show before and after a looped repetition. */
const MARGIN_S = 0.15;

/** Seconds that a cue is shown. */
const CUE_S = 3;

export type Repetition = {number: number, set: number, numberInSet: number, startS: number, endS: number, form: number | null, faults: string[]};
export type Stretch = {startS: number, endS: number};
type Set = Stretch & {set: number, exercise: string};
/** `fault`: ID of the fault that it corrects */
export type Cue = {atS: number, cue: string, fault: string | null};
export type Markers = {sets: Set[], repetitions: Repetition[], cues: Cue[], pauses: {startS: number, endS: number}[]};

const FORM_WORDS = { good: t("replay-form-good"), fair: t("replay-form-fair"), poor: t("replay-form-poor"), none: t("replay-form-none") };

/** `markers` of the hello message */
export interface ReceivedMarkers {
  sets: {set: number, exercise: string, startMs: number, endMs: number | null}[];
  repetitions: {set: number, number: number, startMs: number, endMs: number, form: number | null, faults: string[]}[];
  cues: {atMs: number, cue: string, fault: string | null}[];
  pauses: {startMs: number, endMs: number}[];
}

export function markersOf({ sets, repetitions, cues, pauses }: ReceivedMarkers): Markers {
  const inOrder = [...repetitions].sort((a, b) => a.startMs - b.startMs);
  return {
    sets: sets.map(({ set, exercise, startMs, endMs }) => ({ set, exercise, startS: startMs / 1000, endS: endMs === null ? Infinity : endMs / 1000 })),
    repetitions: inOrder.map(({ set, number, startMs, endMs, form, faults }, at) => ({ number: at + 1, set, numberInSet: number, startS: startMs / 1000, endS: endMs / 1000, form, faults })),
    cues: [...cues].sort((a, b) => a.atMs - b.atMs).map(({ atMs, cue, fault }) => ({ atS: atMs / 1000, cue: said(cue), fault })),
    pauses: pauses.map(({ startMs, endMs }) => ({ startS: startMs / 1000, endS: endMs / 1000 })),
  };
}

/** The repetition that a comment is about. @param number as the server has it */
export function commentedIn({ repetitions }: Markers, set: number | null, number: number | null): Repetition | null {
  return repetitions.find((each) => each.set === set && each.numberInSet === number) ?? null;
}

/** The loop of a repetition. @returns seconds */
export function loopOf({ startS, endS }: Repetition): {start: number, end: number} {
  return { start: Math.max(0, startS - MARGIN_S), end: endS + MARGIN_S };
}

/**
 * The repetition that a loop belongs to.
 * @param whole bounds of the recording
 */
export function loopedOf(markers: Markers, loop: {start: number, end: number} | null, { start, end }: {start: number, end: number} = { start: 0, end: Infinity }): Repetition | null {
  if (!loop) return null;
  const isAt = (time: number, expected: number) => Math.abs(Math.min(Math.max(time, start), end) - expected) < 0.01;
  return markers.repetitions.find((each) => isAt(loopOf(each).start, loop.start) && isAt(loopOf(each).end, loop.end)) ?? null;
}

/** The last repetition that has started, with the margin. */
export function repetitionAt({ repetitions }: Markers, timeS: number) {
  return repetitions.findLast(({ startS }) => startS - MARGIN_S <= timeS + 1e-3) ?? null;
}

/** The cue to show at a time. */
export function cueAt({ cues }: Markers, timeS: number): Cue | null {
  return cues.findLast(({ atS }) => atS <= timeS && timeS < atS + CUE_S) ?? null;
}

/** Number of repetitions that are over at a time. */
export function countAt({ repetitions }: Markers, timeS: number) {
  return repetitions.filter(({ endS }) => endS <= timeS + 0.01).length;
}

/** The exercise of the last set that has started; null before the first. */
export function exerciseAt({ sets }: Markers, timeS: number): string | null {
  return sets.findLast(({ startS }) => startS <= timeS)?.exercise ?? null;
}

/** The first of the repetitions with the best form. */
export function bestOf({ repetitions }: Markers) {
  return repetitions.reduce((best, each) => (!best || (each.form ?? -1) > (best.form ?? -1) ? each : best), null as Repetition | null);
}

/** Describe a time by its repetition. @returns "repetition 7 of 12", or "" if there are none */
export function placeIn(markers: Markers, timeS: number): string {
  const { length } = markers.repetitions;
  const now = repetitionAt(markers, timeS);
  if (now) return t("replay-place", { number: now.number, total: length });
  return length ? t("replay-place-before", { total: length }) : "";
}

/** Describe a time. @returns "repetition 7 of 12, 0:41" */
export function momentIn(markers: Markers, timeS: number): string {
  return [placeIn(markers, timeS), clock(timeS)].filter(Boolean).join(", ");
}

/** Describe a repetition. */
export function repetitionIn({ number, startS, endS, form, faults }: Repetition) {
  const shape = form === null ? FORM_WORDS.none : `${FORM_WORDS[formClass(form)]} ${percent(form)}`;
  return [t("replay-repetition-number", { number }), t("replay-range", { from: clock(startS), until: clock(endS) }), shape, ...faults.map((each) => words(each).toLowerCase())].join(", ");
}
