/**
 * Exercises that the athlete recorded, beside those of the library.
 * @module
 */

import { exercises, Problem, request, type Exercise, type Schemas } from "./client.ts";

let own: Promise<Exercise[]> | null = null;

/**
 * Get the athlete's own exercises; none without a connection. They are fetched once per page, unless they have changed.
 * @throws {Problem}
 */
export function ownExercises({ isChanged = false }: {isChanged?: boolean} = {}): Promise<Exercise[]> {
  if (isChanged) own = null;
  own ??= request("/v1/custom-exercises").then(
    (all: Schemas["CustomExercise"][]) => all.map(({ recordedAt: _, ...exercise }) => ({ ...exercise, category: "own", muscles: [], equipment: [], faults: [] })),
    (error) => {
      own = null;
      if (error instanceof Problem && error.status === 0) return [];
      throw error;
    },
  );
  return own;
}

/** Get all exercises that the athlete can train, by ID: those of the library, then their own. @throws {Problem} */
export async function trainable(): Promise<Map<string, Exercise>> {
  const [library, recorded] = await Promise.all([exercises(), ownExercises()]);
  return new Map([...library, ...recorded.map((each) => [each.id, each] as const)]);
}
