/**
 * Timeline markers of a replay: repetitions, cues and pauses. Repetitions are numbered within the session;
 * the server numbers them within their set, with gaps where some were rejected.
 * @module
 */

import "./texts.js";
import { clock, formClass, percent, words } from "../i18n/format.js";
import { said, t } from "../i18n/l10n.js";

/** Seconds to show before and after a looped repetition. */
const MARGIN_S = 0.15;

/** Seconds that a cue is shown. */
const CUE_S = 3;

/** @typedef {{number: number, set: number, numberInSet: number, startS: number, endS: number, form: number | null, faults: string[]}} Repetition */
/** @typedef {{startS: number, endS: number}} Stretch */
/** @typedef {Stretch & {set: number, exercise: string}} Set */
/** @typedef {{atS: number, cue: string, fault: string | null}} Cue `fault`: ID of the fault that it corrects */
/** @typedef {{sets: Set[], repetitions: Repetition[], cues: Cue[], pauses: {startS: number, endS: number}[]}} Markers */

const FORM_WORDS = { good: t("replay-form-good"), fair: t("replay-form-fair"), poor: t("replay-form-poor"), none: t("replay-form-none") };

/** @param {Record<"sets" | "repetitions" | "cues" | "pauses", any[]>} received `markers` of the hello message @returns {Markers} */
export function markersOf({ sets, repetitions, cues, pauses }) {
  const inOrder = [...repetitions].sort((a, b) => a.startMs - b.startMs);
  return {
    sets: sets.map(({ set, exercise, startMs, endMs }) => ({ set, exercise, startS: startMs / 1000, endS: endMs === null ? Infinity : endMs / 1000 })),
    repetitions: inOrder.map(({ set, number, startMs, endMs, form, faults }, at) => ({ number: at + 1, set, numberInSet: number, startS: startMs / 1000, endS: endMs / 1000, form, faults })),
    cues: [...cues].sort((a, b) => a.atMs - b.atMs).map(({ atMs, cue, fault }) => ({ atS: atMs / 1000, cue: said(cue), fault })),
    pauses: pauses.map(({ startMs, endMs }) => ({ startS: startMs / 1000, endS: endMs / 1000 })),
  };
}

/** The repetition that a comment is about. @param {Markers} markers @param {number | null} set @param {number | null} number as the server has it @returns {Repetition | null} */
export function commentedIn({ repetitions }, set, number) {
  return repetitions.find((each) => each.set === set && each.numberInSet === number) ?? null;
}

/** The loop of a repetition. @param {Repetition} repetition @returns {{start: number, end: number}} seconds */
export function loopOf({ startS, endS }) {
  return { start: Math.max(0, startS - MARGIN_S), end: endS + MARGIN_S };
}

/**
 * The repetition that a loop belongs to.
 * @param {Markers} markers @param {{start: number, end: number} | null} loop
 * @param {{start: number, end: number}} [whole] bounds of the recording
 * @returns {Repetition | null}
 */
export function loopedOf(markers, loop, { start, end } = { start: 0, end: Infinity }) {
  if (!loop) return null;
  const isAt = (/** @type {number} */ time, /** @type {number} */ expected) => Math.abs(Math.min(Math.max(time, start), end) - expected) < 0.01;
  return markers.repetitions.find((each) => isAt(loopOf(each).start, loop.start) && isAt(loopOf(each).end, loop.end)) ?? null;
}

/** The last repetition that has started, with the margin. @param {Markers} markers @param {number} timeS */
export function repetitionAt({ repetitions }, timeS) {
  return repetitions.findLast(({ startS }) => startS - MARGIN_S <= timeS + 1e-3) ?? null;
}

/** The cue to show at a time. @param {Markers} markers @param {number} timeS @returns {Cue | null} */
export function cueAt({ cues }, timeS) {
  return cues.findLast(({ atS }) => atS <= timeS && timeS < atS + CUE_S) ?? null;
}

/** The exercise of the last set that has started; null before the first. @param {Markers} markers @param {number} timeS @returns {string | null} */
export function exerciseAt({ sets }, timeS) {
  return sets.findLast(({ startS }) => startS <= timeS)?.exercise ?? null;
}

/** The first of the repetitions with the best form. @param {Markers} markers */
export function bestOf({ repetitions }) {
  return repetitions.reduce((best, each) => (!best || (each.form ?? -1) > (best.form ?? -1) ? each : best), /** @type {Repetition | null} */ (null));
}

/** Describe a time by its repetition. @param {Markers} markers @param {number} timeS @returns {string} "repetition 7 of 12", or "" if there are none */
export function placeIn(markers, timeS) {
  const { length } = markers.repetitions;
  const now = repetitionAt(markers, timeS);
  if (now) return t("replay-place", { number: now.number, total: length });
  return length ? t("replay-place-before", { total: length }) : "";
}

/** Describe a time. @param {Markers} markers @param {number} timeS @returns {string} "repetition 7 of 12, 0:41" */
export function momentIn(markers, timeS) {
  return [placeIn(markers, timeS), clock(timeS)].filter(Boolean).join(", ");
}

/** Describe a repetition. @param {Repetition} repetition */
export function repetitionIn({ number, startS, endS, form, faults }) {
  const shape = form === null ? FORM_WORDS.none : `${FORM_WORDS[formClass(form)]} ${percent(form)}`;
  return [t("replay-repetition-number", { number }), t("replay-range", { from: clock(startS), until: clock(endS) }), shape, ...faults.map((each) => words(each).toLowerCase())].join(", ");
}
