/**
 * Loads what a workout needs, so that the service worker and the page have it without a connection.
 * @module
 */

import { athlete, Problem, request } from "../api/client.js";
import { units } from "../i18n/units.js";
import * as workoutApi from "./workout-api.js";

/** Exercises that this page has loaded. @type {Set<string>} */
const loaded = new Set();

/** Number of exercises whose results one request may ask for. */
const MOST_EXERCISES = 50;

/** Load definitions, demonstrations and earlier results of exercises, if a service worker keeps them. @param {import("./plan.js").Line[]} lines @returns {Promise<void>} */
export async function prepareOffline(lines) {
  if (!navigator.serviceWorker?.controller) return;
  const fresh = [...new Map(lines.map((line) => [line.exerciseId, line])).values()].filter(({ exerciseId }) => !loaded.has(exerciseId)).slice(0, MOST_EXERCISES);
  for (const { exerciseId } of fresh) loaded.add(exerciseId);
  try {
    if (fresh.length > 0) await Promise.all([workoutApi.progress(await athlete(), fresh), units(), ...fresh.map(({ exerciseId }) => loadExercise(exerciseId))]);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    for (const { exerciseId } of fresh) loaded.delete(exerciseId); // it is tried again with the next list
  }
}

/** @param {string} id */
async function loadExercise(id) {
  const path = `/v1/exercises/${encodeURIComponent(id)}`;
  await request(path);
  await request(`${path}/demonstration`).catch((error) => { if (!(error instanceof Problem) || error.status !== 404) throw error; });
}
