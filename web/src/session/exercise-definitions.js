/**
 * The exercises, with the definitions of those that a session has.
 * @module
 */

import * as api from "../api/client.js";

/** @param {{exerciseId: string}[]} sets @returns {Promise<Map<string, any>>} @throws {Problem} */
export async function withDefinitions(sets) {
  const exercises = new Map(await api.exercises());
  await Promise.all([...new Set(sets.map(({ exerciseId }) => exerciseId))].map(async (id) => {
    if (exercises.has(id)) exercises.set(id, { ...exercises.get(id), ...(await api.definition(id)) });
  }));
  return exercises;
}
