/**
 * The exercises, with the definitions of those that a session has.
 * @module
 */

import * as api from "../api/client.ts";
import type { Definition } from "../motion/observer.ts";

type DefinedExercise = Omit<api.Exercise, keyof Definition> & Definition;
/** with its definition, if it is one of the session's */
export type ListedExercise = api.Exercise | DefinedExercise;

/** Whether the definition of an exercise is known. */
export function isDefined(exercise: ListedExercise | undefined): exercise is DefinedExercise {
  return exercise !== undefined && "rangeOfMotion" in exercise;
}

/** @throws {Problem} */
export async function withDefinitions(sets: {exerciseId: string}[]): Promise<Map<string, ListedExercise>> {
  const ids = [...new Set(sets.map(({ exerciseId }) => exerciseId))];
  const exercises: Map<string, ListedExercise> = new Map(await api.exercisesFor(ids));
  await Promise.all(ids.map(async (id) => {
    const exercise = exercises.get(id);
    if (exercise) exercises.set(id, { ...exercise, ...(await api.definition(id)) });
  }));
  return exercises;
}
