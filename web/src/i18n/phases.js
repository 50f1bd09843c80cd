/**
 * Names of the phases of a repetition, as a coach says them.
 * @module
 */

import { t } from "./l10n.js";

/** @typedef {"rest" | "eccentric" | "effort" | "concentric" | "hold" | "lost"} Phase */
/** @typedef {Readonly<Partial<Record<Phase, string>>>} Names in the order in which they happen */

const COMMON = { hold: t("phase-hold"), lost: t("phase-lost") };
/** Movements that begin by going down. @type {Names} */
const DOWN_FIRST = { rest: t("phase-ready"), eccentric: t("phase-down"), effort: t("phase-bottom"), concentric: t("phase-up"), ...COMMON };
/** Movements that begin by going up. @type {Names} */
const UP_FIRST = { rest: t("phase-ready"), concentric: t("phase-up"), effort: t("phase-top"), eccentric: t("phase-down"), ...COMMON };

/** @type {Readonly<Record<string, Names>>} */
const BY_EXERCISE = {
  biceps_curl: UP_FIRST, deadlift: UP_FIRST, front_raise: UP_FIRST, pull_up: UP_FIRST, shoulder_press: UP_FIRST, sit_up: UP_FIRST,
  jumping_jack: { rest: t("phase-ready"), concentric: t("phase-out"), effort: t("phase-wide"), eccentric: t("phase-in"), ...COMMON },
  rope_pushdown: { rest: t("phase-ready"), concentric: t("phase-push"), effort: t("phase-bottom"), eccentric: t("phase-back-up"), ...COMMON },
  pommel_horse: { rest: t("phase-ready"), concentric: t("phase-first-half"), effort: t("phase-halfway"), eccentric: t("phase-second-half"), ...COMMON },
};

/** @param {string | null | undefined} exercise exercise ID @returns {Names} */
export function phaseNames(exercise) {
  return BY_EXERCISE[exercise ?? ""] ?? DOWN_FIRST;
}

/** @param {string | null | undefined} exercise exercise ID @param {string} phase @returns {string} */
export function phaseName(exercise, phase) {
  return phaseNames(exercise)[/** @type {Phase} */ (phase)] ?? "";
}
