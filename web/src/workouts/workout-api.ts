/**
 * API calls of the workout player: prescriptions, executions and previous results.
 * @module
 */

import { graphql, Problem, request, send, type Schemas } from "../api/client.ts";
import { keepAnswer, lastAnswer, loadOrLast } from "../offline/last-answers.ts";
import type { ExerciseProgress } from "../player/progress.ts";
import type { Execution } from "../player/resume.ts";
import type { Line } from "./plan.ts";

export type Prescription = {workoutId: string, name: string, authorId?: string, locked?: boolean, exercises: Line[]};

/** Prescriptions per page. */
const PAGE = 20;

/** Fields of a prescription. */
export const PRESCRIPTION_FIELDS = "workoutId name authorId locked exercises { exerciseId sets targetRepetitions targetHoldS restS loadKg targetRpe note lesson { contentId number segment } }";

const WORKOUTS = `
query Workouts($first: Int!, $after: String) {
  workouts(first: $first, after: $after) { edges { node { ${PRESCRIPTION_FIELDS} } } pageInfo { hasNextPage endCursor } }
}` as const;

const WORKOUT = `query Workout($id: ID!) { workout(id: $id) { ${PRESCRIPTION_FIELDS} } }` as const;

const PRESCRIBE = `
mutation Prescribe($input: PrescribeWorkoutInput!) {
  prescribeWorkout(input: $input) { ... on WorkoutPayload { workout { ${PRESCRIPTION_FIELDS} } } ... on Problem { code message correlationId } }
}` as const;

/** List one page of prescriptions, newest first. */
export async function prescriptions(after: string | null): Promise<{items: Prescription[], after: string | null}> {
  const page = await (after === null ? loadOrLast("workouts", () => requestPage(null)) : requestPage(after));
  for (const each of page.items) void keepAnswer(workoutName(each.workoutId), each);
  return page;
}

/** Name of a prescription among the last answers. */
export const workoutName = (id: string) => `workout ${id}`;

async function requestPage(after: string | null) {
  const { workouts } = await graphql(WORKOUTS, { first: PAGE, after });
  return { items: workouts.edges.map(({ node }) => node), after: workouts.pageInfo.hasNextPage ? workouts.pageInfo.endCursor : null };
}

/** Id of the workout that is a day of a program, counted over all weeks. */
const PROGRAM_DAY = /^(.+)\.day-(\d+)$/;

/** Get a day of a program as a prescription. */
async function programDay(workoutId: string, programId: string, day: number): Promise<Prescription | null> {
  const { name, weeks, notes }: Schemas["Program"] = await request(`/v1/programs/${encodeURIComponent(programId)}`);
  const found = weeks.flatMap(({ days }) => days).at(day - 1);
  const exercises = found?.exercises.map(({ repetitions = null, holdS = null, ...line }) => ({ ...line, targetRepetitions: repetitions, targetHoldS: holdS, note: notes.find(({ exerciseId }) => exerciseId === line.exerciseId)?.text }));
  return exercises ? { workoutId, name, exercises } : null;
}

/** Get the prescription with an id, or null. */
async function requestPrescription(id: string): Promise<Prescription | null> {
  const [, program, day] = PROGRAM_DAY.exec(id) ?? [];
  return program ? programDay(id, program, Number(day)) : (await graphql(WORKOUT, { id })).workout;
}

/** Get a prescription. @throws {Problem} */
export async function prescription(id: string): Promise<Prescription> {
  const workout = await loadOrLast(workoutName(id), () => requestPrescription(id));
  if (!workout) throw new Problem({ title: "Workout not found.", detail: `There is no workout with the ID ${id}. It may have been deleted.`, code: "workout.unknown", status: 404 });
  return workout;
}

/** Create a prescription. @param commandId idempotency key @throws {Problem} */
export async function prescribe({ name, exercises }: {name: string, exercises: Line[]}, authorId: string, commandId: string): Promise<Prescription> {
  const { prescribeWorkout: result } = await graphql(PRESCRIBE, { input: { commandId, name, exercises, authorId } });
  if ("code" in result) throw new Problem({ title: "We could not save the workout.", detail: result.message, code: result.code, reference: result.correlationId });
  if (!result.workout) throw new Error("The server returned no workout.");
  return result.workout;
}

/** Get a workout to change it: with the targets and videos of its lines, which only trainers' pages set. @throws {Problem} */
export function editable(id: string): Promise<Prescription & {revision: number}> {
  return request(`/v1/workout-plans/${encodeURIComponent(id)}`);
}

/** Code of the problem that a workout was changed since it was read. */
export const WORKOUT_CHANGED = "workout.changed";

/** Replace name and exercises of a workout. @param revision that was read @param key idempotency key @throws {Problem} */
export function revise({ workoutId, revision }: {workoutId: string, revision: number}, { name, exercises }: {name: string, exercises: Line[]}, key: string) {
  return send("PUT", `/v1/workout-plans/${encodeURIComponent(workoutId)}`, { name, exercises, revision }, { "Idempotency-Key": key });
}

/** Delete a workout: it is no longer listed. @param key idempotency key @throws {Problem} */
export function remove(id: string, key: string) {
  return request(`/v1/workout-plans/${encodeURIComponent(id)}`, { method: "DELETE", headers: { "Idempotency-Key": key } });
}

/** List a deleted workout again. @param key idempotency key @throws {Problem} */
export function restore(id: string, key: string) {
  return send("POST", `/v1/workout-plans/${encodeURIComponent(id)}:restore`, {}, { "Idempotency-Key": key });
}

/** Start an execution of a prescription; a repeated call returns the same execution. @throws {Problem} */
export function begin(parameters: {workoutId: string, athleteId: string, sessionId: string}): Promise<Execution> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return send("POST", "/v1/workouts", { ...parameters, timeZone }, { "Idempotency-Key": parameters.sessionId });
}

/** Get the state of an execution. @throws {Problem} */
export function execution(id: string): Promise<Execution> {
  return request(`/v1/workouts/${encodeURIComponent(id)}`);
}

/** Get the summary of an execution. @throws {Problem} */
export function summary(id: string): Promise<Schemas["WorkoutSummary"]> {
  return request(`/v1/workouts/${encodeURIComponent(id)}/summary`);
}

/** Get an athlete's previous results by exercise; without a connection, the last ones that are stored. @param lines lines of a prescription @throws {Problem} */
export async function progress(athleteId: string, lines: Line[]): Promise<Map<string, ExerciseProgress>> {
  const ids = [...new Set(lines.map(({ exerciseId }) => exerciseId))];
  const query = new URLSearchParams({ athlete: athleteId });
  for (const id of ids) query.append("exercise", id);
  const nameOf = (id: string) => `progress ${athleteId} ${id}`;
  try {
    const { items }: {items: ExerciseProgress[]} = await request(`/v1/exercise-progress?${query}`);
    const results = new Map(items.map((each) => [each.exerciseId, each]));
    for (const id of ids) void keepAnswer(nameOf(id), results.get(id) ?? null);
    return results;
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 0) throw error;
    const stored = await Promise.all(ids.map((id) => lastAnswer(nameOf(id)))) as (ExerciseProgress | null | undefined)[];
    return new Map(stored.filter((each) => each != null).map((each) => [each.exerciseId, each]));
  }
}
