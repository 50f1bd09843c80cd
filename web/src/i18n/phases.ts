/**
 * Names of the phases of a repetition, as a coach says them.
 * @module
 */

import { t } from "./l10n.ts";

type Phase = "rest" | "eccentric" | "effort" | "concentric" | "hold" | "lost";
/** in the order in which they happen */
type Names = Readonly<Partial<Record<Phase, string>>>;

const COMMON = { hold: t("phase-hold"), lost: t("phase-lost") };
/** Movements that begin by going down. */
const DOWN_FIRST: Names = { rest: t("phase-ready"), eccentric: t("phase-down"), effort: t("phase-bottom"), concentric: t("phase-up"), ...COMMON };
/** Movements that begin by going up. */
const UP_FIRST: Names = { rest: t("phase-ready"), concentric: t("phase-up"), effort: t("phase-top"), eccentric: t("phase-down"), ...COMMON };

const BY_EXERCISE: Readonly<Record<string, Names>> = {
  biceps_curl: UP_FIRST, deadlift: UP_FIRST, front_raise: UP_FIRST, pull_up: UP_FIRST, shoulder_press: UP_FIRST, sit_up: UP_FIRST,
  jumping_jack: { rest: t("phase-ready"), concentric: t("phase-out"), effort: t("phase-wide"), eccentric: t("phase-in"), ...COMMON },
  rope_pushdown: { rest: t("phase-ready"), concentric: t("phase-push"), effort: t("phase-bottom"), eccentric: t("phase-back-up"), ...COMMON },
  pommel_horse: { rest: t("phase-ready"), concentric: t("phase-first-half"), effort: t("phase-halfway"), eccentric: t("phase-second-half"), ...COMMON },
};

/** @param exercise exercise ID */
export function phaseNames(exercise: string | null | undefined): Names {
  return BY_EXERCISE[exercise ?? ""] ?? DOWN_FIRST;
}

/** @param exercise exercise ID */
export function phaseName(exercise: string | null | undefined, phase: string): string {
  return phaseNames(exercise)[phase as Phase] ?? "";
}
