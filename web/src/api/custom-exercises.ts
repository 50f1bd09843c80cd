/**
 * Custom exercises, which the athlete recorded, and those of the library.
 * @module
 */

import { exercises, Problem, request, type Exercise, type Schemas } from "./client.ts";

let custom: Promise<Exercise[]> | null = null;

/**
 * Get the athlete's custom exercises; none without a connection. They are fetched once per page, unless they have changed.
 * @throws {Problem}
 */
export function customExercises({ isChanged = false }: {isChanged?: boolean} = {}): Promise<Exercise[]> {
  if (isChanged) custom = null;
  custom ??= request("/v1/custom-exercises").then(
    (all: Schemas["CustomExercise"][]) => all.map(({ recordedAt: _, ...exercise }) => ({ ...exercise, category: "custom", muscles: [], equipment: [], faults: [] })),
    (error) => {
      custom = null;
      if (error instanceof Problem && error.status === 0) return [];
      throw error;
    },
  );
  return custom;
}

/** Get all exercises that the athlete can train, by ID: those of the library, then custom ones. @throws {Problem} */
export async function trainable(): Promise<Map<string, Exercise>> {
  const [library, recorded] = await Promise.all([exercises(), customExercises()]);
  return new Map([...library, ...recorded.map((each) => [each.id, each] as const)]);
}
