/**
 * Loads what a workout needs, so that the service worker and the page have it without a connection.
 * @module
 */

import { athlete, Problem, request } from "../api/client.ts";
import { units } from "../i18n/units.ts";
import * as workoutApi from "./workout-api.ts";
import type { Line } from "./plan.ts";

/** Exercises that this page has loaded. */
const loaded: Set<string> = new Set();

/** Number of exercises whose results one request may ask for. */
const MOST_EXERCISES = 50;

/** Load definitions, demonstrations and earlier results of exercises, if a service worker keeps them. */
export async function prepareOffline(lines: Line[]): Promise<void> {
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

async function loadExercise(id: string) {
  const path = `/v1/exercises/${encodeURIComponent(id)}` as const;
  await request(path);
  await request(`${path}/demonstration`).catch((error) => { if (!(error instanceof Problem) || error.status !== 404) throw error; });
}
