/**
 * Names of the exercises of a session, in lists and on its page.
 * @module
 */

import { isolated, words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";

/** `exerciseId` is the first exercise; `exercises` are all. Without a connection, answers of an earlier version lack these. */
type Trained = {exerciseId: string | null, exercises?: string[]};

/** The first exercise and the number of others, as "Squat and 2 other exercises"; null without a set. @param exercises by ID */
export function exerciseNames({ exerciseId, exercises: trained = [] }: Trained, exercises: Map<string, {name: string}>): string | null {
  if (!exerciseId) return null;
  const exercise = isolated(exercises.get(exerciseId)?.name ?? words(exerciseId));
  return trained.length > 1 ? t("exercise-and-more", { exercise, count: trained.length - 1 }) : exercise;
}

/** The exercises of sets, each once, in the order in which they were begun. */
export function exercisesOf(sets: {exerciseId: string}[]): string[] {
  return [...new Set(sets.map((set) => set.exerciseId))];
}
