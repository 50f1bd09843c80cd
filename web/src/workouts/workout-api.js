/**
 * API calls of the workout player: prescriptions, executions and previous results.
 * @module
 */

import { graphql, Problem, request, send } from "../api/client.js";
import { keepAnswer, lastAnswer, loadOrLast } from "../offline/last-answers.js";

/** @typedef {import("./plan.js").Line} Line */
/** @typedef {import("../player/progress.js").ExerciseProgress} ExerciseProgress */
/** @typedef {import("../player/resume.js").Execution} Execution */
/** @typedef {{workoutId: string, name: string, authorId?: string, locked?: boolean, exercises: Line[]}} Prescription */

/** Prescriptions per page. */
const PAGE = 20;

/** Fields of a prescription. */
export const PRESCRIPTION_FIELDS = "workoutId name authorId locked exercises { exerciseId sets targetRepetitions targetHoldS restS loadKg lesson { contentId number segment } }";

const WORKOUTS = /** @type {const} */ (`
query Workouts($first: Int!, $after: String) {
  workouts(first: $first, after: $after) { edges { node { ${PRESCRIPTION_FIELDS} } } pageInfo { hasNextPage endCursor } }
}`);

const WORKOUT = /** @type {const} */ (`query Workout($id: ID!) { workout(id: $id) { ${PRESCRIPTION_FIELDS} } }`);

const PRESCRIBE = /** @type {const} */ (`
mutation Prescribe($input: PrescribeWorkoutInput!) {
  prescribeWorkout(input: $input) { ... on WorkoutPayload { workout { ${PRESCRIPTION_FIELDS} } } ... on Problem { code message correlationId } }
}`);

/** List one page of prescriptions, newest first. @param {string | null} after @returns {Promise<{items: Prescription[], after: string | null}>} */
export async function prescriptions(after) {
  const page = await (after === null ? loadOrLast("workouts", () => requestPage(null)) : requestPage(after));
  for (const each of page.items) void keepAnswer(workoutName(each.workoutId), each);
  return page;
}

/** Name of a prescription among the last answers. @param {string} id */
export const workoutName = (id) => `workout ${id}`;

/** @param {string | null} after */
async function requestPage(after) {
  const { workouts } = await graphql(WORKOUTS, { first: PAGE, after });
  return { items: workouts.edges.map(({ node }) => node), after: workouts.pageInfo.hasNextPage ? workouts.pageInfo.endCursor : null };
}

/** Id of the workout that is a day of a program, counted over all weeks. */
const PROGRAM_DAY = /^(.+)\.day-(\d+)$/;

/** Get a day of a program as a prescription. @param {string} workoutId @param {string} programId @param {number} day @returns {Promise<Prescription | null>} */
async function programDay(workoutId, programId, day) {
  const { name, weeks } = await request(`/v1/programs/${encodeURIComponent(programId)}`);
  const found = weeks.flatMap((/** @type {{days: any[]}} */ week) => week.days)[day - 1];
  const exercises = found?.exercises.map((/** @type {any} */ { repetitions, holdS, ...line }) => ({ ...line, targetRepetitions: repetitions, targetHoldS: holdS }));
  return exercises ? { workoutId, name, exercises } : null;
}

/** Get the prescription with an id, or null. @param {string} id @returns {Promise<Prescription | null>} */
async function requestPrescription(id) {
  const [, program, day] = PROGRAM_DAY.exec(id) ?? [];
  return program ? programDay(id, program, Number(day)) : (await graphql(WORKOUT, { id })).workout;
}

/** Get a prescription. @param {string} id @returns {Promise<Prescription>} @throws {Problem} */
export async function prescription(id) {
  const workout = await loadOrLast(workoutName(id), () => requestPrescription(id));
  if (!workout) throw new Problem({ title: "Workout not found.", detail: `There is no workout with the ID ${id}. It may have been deleted.`, code: "workout.unknown", status: 404 });
  return workout;
}

/** Create a prescription. @param {{name: string, exercises: Line[]}} plan @param {string} authorId @param {string} commandId idempotency key @returns {Promise<Prescription>} @throws {Problem} */
export async function prescribe({ name, exercises }, authorId, commandId) {
  const { prescribeWorkout: result } = await graphql(PRESCRIBE, { input: { commandId, name, exercises, authorId } });
  if ("code" in result) throw new Problem({ title: "We could not save the workout.", detail: result.message, code: result.code, reference: result.correlationId });
  if (!result.workout) throw new Error("The server returned no workout.");
  return result.workout;
}

/** Get a workout to change it: with the targets and videos of its lines, which only trainers' pages set. @param {string} id @returns {Promise<Prescription>} @throws {Problem} */
export function editable(id) {
  return request(`/v1/workout-plans/${encodeURIComponent(id)}`);
}

/** Replace name and exercises of a workout. @param {string} id @param {{name: string, exercises: Line[]}} plan @param {string} key idempotency key @throws {Problem} */
export function revise(id, { name, exercises }, key) {
  return send("PUT", `/v1/workout-plans/${encodeURIComponent(id)}`, { name, exercises }, { "Idempotency-Key": key });
}

/** Delete a workout: it is no longer listed. @param {string} id @param {string} key idempotency key @throws {Problem} */
export function remove(id, key) {
  return request(`/v1/workout-plans/${encodeURIComponent(id)}`, { method: "DELETE", headers: { "Idempotency-Key": key } });
}

/** List a deleted workout again. @param {string} id @param {string} key idempotency key @throws {Problem} */
export function restore(id, key) {
  return send("POST", `/v1/workout-plans/${encodeURIComponent(id)}:restore`, {}, { "Idempotency-Key": key });
}

/** Start an execution of a prescription; a repeated call returns the same execution. @param {{workoutId: string, athleteId: string, sessionId: string}} parameters @returns {Promise<Execution>} @throws {Problem} */
export function begin(parameters) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return send("POST", "/v1/workouts", { ...parameters, timeZone }, { "Idempotency-Key": parameters.sessionId });
}

/** Get the state of an execution. @param {string} id @returns {Promise<Execution>} @throws {Problem} */
export function execution(id) {
  return request(`/v1/workouts/${encodeURIComponent(id)}`);
}

/** Get the summary of an execution. @param {string} id @returns {Promise<any>} @throws {Problem} */
export function summary(id) {
  return request(`/v1/workouts/${encodeURIComponent(id)}/summary`);
}

/** Get an athlete's previous results by exercise; without a connection, the last ones that are stored. @param {string} athleteId @param {Line[]} lines lines of a prescription @returns {Promise<Map<string, ExerciseProgress>>} @throws {Problem} */
export async function progress(athleteId, lines) {
  const ids = [...new Set(lines.map(({ exerciseId }) => exerciseId))];
  const query = new URLSearchParams({ athlete: athleteId });
  for (const id of ids) query.append("exercise", id);
  const nameOf = (/** @type {string} */ id) => `progress ${athleteId} ${id}`;
  try {
    /** @type {{items: ExerciseProgress[]}} */
    const { items } = await request(`/v1/exercise-progress?${query}`);
    const results = new Map(items.map((each) => [each.exerciseId, each]));
    for (const id of ids) void keepAnswer(nameOf(id), results.get(id) ?? null);
    return results;
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 0) throw error;
    const stored = /** @type {(ExerciseProgress | null | undefined)[]} */ (await Promise.all(ids.map((id) => lastAnswer(nameOf(id)))));
    return new Map(stored.filter((each) => each != null).map((each) => [each.exerciseId, each]));
  }
}
