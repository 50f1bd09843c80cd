/**
 * The workout that the page's address names: a prescription, or one that a trainer assigned.
 * @module
 */

import { athlete, Problem } from "../api/client.js";
import { assignment, beginAssigned, nameOfAssigned } from "../workouts/assigned.js";
import * as workoutApi from "../workouts/workout-api.js";
import { begin } from "./kept-workout.js";
import { isAssigned } from "../workouts/workout-url.js";

/** @typedef {import("./resume.js").Execution} Execution */
/** @typedef {{name: string, exercises: import("../workouts/plan.js").Line[], start: () => Promise<Execution>}} Planned */

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

/** Name of the workout that an execution performs. @param {Execution} execution @returns {Promise<string>} @throws {Problem} */
export async function nameOf({ id, workoutId }) {
  if (workoutId) return (await workoutApi.prescription(workoutId)).name;
  if (isAssigned(id)) return nameOfAssigned(id);
  throw new Problem({ title: "This session is not a guided workout.", code: "workout.none", status: 404 });
}
