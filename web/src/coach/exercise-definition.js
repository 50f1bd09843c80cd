/**
 * Definition of an exercise, by which it is counted.
 * @module
 */

import * as api from "../api/client.js";

/**
 * Load the definition of an exercise. Without a connection, return what the list of exercises has,
 * which is enough to count manually.
 * @param {string} id
 * @param {{isManual: boolean}} how
 * @returns {Promise<any>}
 * @throws {api.Problem}
 */
export async function exerciseDefinition(id, { isManual }) {
  try {
    return await api.definition(id);
  } catch (error) {
    if (!(error instanceof api.Problem) || error.status !== 0 || !isManual) throw error;
    return (await api.exercises()).get(id);
  }
}
