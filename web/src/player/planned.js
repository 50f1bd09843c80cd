/**
 * The workout that the page's address names: a prescription, or one that a trainer assigned.
 * @module
 */

import { athlete, Problem } from "../api/client.js";
import { assignedOf, assignment, beginAssigned } from "../workouts/assigned.js";
import * as workoutApi from "../workouts/workout-api.js";
import { begin } from "./kept-workout.js";
import { isAssigned } from "../workouts/workout-url.js";

/** @typedef {import("./resume.js").Execution} Execution */
/** @typedef {import("../workouts/plan.js").Line & {lesson?: import("../api/client.js").Schemas["LessonPart"] | null}} PlannedLine */
/** @typedef {{name: string, exercises: PlannedLine[], start: () => Promise<Execution>}} Planned */

/** The workout to begin; null without one. @param {string | null} workout ID of a prescription @param {string | null} assigned ID of an assigned workout @param {string} key for beginning it once @returns {Promise<Planned | null>} @throws {Problem} */
export async function planned(workout, assigned, key) {
  if (assigned) {
    const found = await assignment(assigned);
    if (!found) throw new Problem({ title: "Assigned workout not found.", code: "assignment.unknown", status: 404 });
    return { name: found.name, exercises: found.exercises, start: () => beginAssigned(assigned, key) };
  }
  if (!workout) return null;
  const { name, exercises } = await workoutApi.prescription(workout);
  return { name, exercises, start: async () => begin({ workoutId: workout, athleteId: await athlete(), sessionId: key }, exercises) };
}

/** The workout that an execution performs, as it is now. @param {Execution} execution @returns {Promise<{name: string, exercises: PlannedLine[]}>} @throws {Problem} */
export async function performed({ id, workoutId }) {
  if (workoutId) return workoutApi.prescription(workoutId);
  if (isAssigned(id)) return assignedOf(id);
  throw new Problem({ title: "This session is not a guided workout.", code: "workout.none", status: 404 });
}

/** Part of a video that shows the exercise of a step, or null. @param {PlannedLine[]} lines of the workout, which may have been revised @param {import("../workouts/plan.js").Step} step */
export function lessonOf(lines, { line, exerciseId }) {
  const planned = lines[line];
  return planned?.exerciseId === exerciseId ? planned.lesson ?? null : null;
}
