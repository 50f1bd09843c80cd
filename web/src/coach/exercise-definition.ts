/**
 * Definition of an exercise, by which it is counted.
 * @module
 */

import * as api from "../api/client.ts";
import type { Definition } from "../api/client.ts";

/**
 * Load the definition of an exercise. Without a connection, return what the list of exercises has,
 * which is enough to count manually.
 * @throws {api.Problem}
 */
export async function exerciseDefinition(id: string, { isManual }: {isManual: boolean}): Promise<Definition> {
  try {
    return await api.definition(id);
  } catch (error) {
    if (!(error instanceof api.Problem) || error.status !== 0 || !isManual) throw error;
    const listed = (await api.exercisesFor([id])).get(id);
    if (!listed) throw error;
    return listed as unknown as Definition;
  }
}
