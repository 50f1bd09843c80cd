/**
 * The workout that the page's address names: a prescription, or one that a trainer assigned.
 * @module
 */

import { athlete, Problem, type Schemas } from "../api/client.ts";
import { assignedOf, assignment, beginAssigned } from "../workouts/assigned.ts";
import * as workoutApi from "../workouts/workout-api.ts";
import { begin } from "./kept-workout.ts";
import { isAssigned } from "../workouts/workout-url.ts";
import type { Line, Step } from "../workouts/plan.ts";
import type { Execution } from "./resume.ts";

export type PlannedLine = Line & {lesson?: Schemas["LessonPart"] | null};
type Planned = {name: string, exercises: PlannedLine[], start: () => Promise<Execution>};

/** The workout to begin; null without one. @param workout ID of a prescription @param assigned ID of an assigned workout @param key for beginning it once @throws {Problem} */
export async function planned(workout: string | null, assigned: string | null, key: string): Promise<Planned | null> {
  if (assigned) {
    const found = await assignment(assigned);
    if (!found) throw new Problem({ title: "Assigned workout not found.", code: "assignment.unknown", status: 404 });
    return { name: found.name, exercises: found.exercises, start: () => beginAssigned(assigned, key) };
  }
  if (!workout) return null;
  const { name, exercises } = await workoutApi.prescription(workout);
  return { name, exercises, start: async () => begin({ workoutId: workout, athleteId: await athlete(), sessionId: key }, exercises) };
}

/** The workout that an execution performs, as it is now. @throws {Problem} */
export async function performed({ id, workoutId }: Execution): Promise<{name: string, exercises: PlannedLine[]}> {
  if (workoutId) return workoutApi.prescription(workoutId);
  if (isAssigned(id)) return assignedOf(id);
  throw new Problem({ title: "This session is not a guided workout.", code: "workout.none", status: 404 });
}

/** Part of a video that shows the exercise of a step, or null, and the note to it. @param lines of the workout, which may have been revised */
export function helpOf(lines: PlannedLine[], { line, exerciseId }: Step): {lesson: Schemas["LessonPart"] | null, note: string} {
  const planned = lines[line];
  const { lesson = null, note = "" } = planned?.exerciseId === exerciseId ? planned : {};
  return { lesson, note };
}
