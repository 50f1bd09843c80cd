/**
 * Selection of exercises by their definitions.
 * @module
 */

import * as api from "../api/client.ts";
import type { Definition } from "../api/client.ts";

/**
 * Load the definition of an exercise. Without a connection, return what the list of exercises has,
 * which is enough to count manually.
 * @throws {api.Problem}
 */
async function exerciseDefinition(id: string, { isManual }: {isManual: boolean}): Promise<Definition> {
  try {
    return await api.definition(id);
  } catch (error) {
    if (!(error instanceof api.Problem) || error.status !== 0 || !isManual) throw error;
    const listed = (await api.exercisesFor([id])).get(id);
    if (!listed) throw error;
    return listed as unknown as Definition;
  }
}

/** Exercises that are selected one after another, however long their definitions take to load. */
export class ExerciseChoices {
  /** Resolves when the latest selection is over; null if none is under way. */
  pending: Promise<void> | null = null;

  /** Load a definition, and apply it after those that were selected before. @throws {api.Problem} */
  choose(id: string, how: {isManual: boolean}, apply: (definition: Definition) => void): Promise<void> {
    const chosen = Promise.all([exerciseDefinition(id, how), this.pending]).then(([definition]) => apply(definition));
    const over: Promise<void> = chosen.catch(() => {}).then(() => { if (this.pending === over) this.pending = null; }); // the caller shows the error
    this.pending = over;
    return chosen;
  }
}
