/**
 * The exercises, with the definitions of those that a session has.
 * @module
 */

import * as api from "../api/client.ts";

/** @throws {Problem} */
export async function withDefinitions(sets: {exerciseId: string}[]): Promise<Map<string, any>> {
  const exercises = new Map(await api.exercises());
  await Promise.all([...new Set(sets.map(({ exerciseId }) => exerciseId))].map(async (id) => {
    if (exercises.has(id)) exercises.set(id, { ...exercises.get(id), ...(await api.definition(id)) });
  }));
  return exercises;
}
