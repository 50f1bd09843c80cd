/**
 * HTTP client: REST and GraphQL calls of the pages. Every failure is a `Problem`.
 * @module
 */

import { Problem, problemFrom, unreachable } from "./problem.js";
import { SESSION, SESSIONS, TOTALS } from "./queries.js";
import { authorized, credentials, factorPath, requiresFactor, requiresSignIn, signInPath } from "./credentials.js";
import { lastUser } from "../offline/last-answers.js";
import { useAccountStore } from "../stores/account.js";
import { said, textOr } from "../i18n/l10n.js";

/** @typedef {import("../../types/rest.js").components["schemas"]} Schemas of the REST API; `npm run types` generates them */
/** @typedef {Schemas["Tempo"]} Tempo */
/** @typedef {Schemas["Performance"]} Performance */
/** @typedef {Schemas["Repetition"]} Repetition */
/** @typedef {Schemas["RejectedRepetition"]} RejectedRepetition */
/** @typedef {Schemas["TraceSamples"]} Samples */
/** @typedef {Schemas["Job"]} Job */
/** @typedef {Schemas["Exercise"]} Exercise */
/** @typedef {(path: string, options?: RequestInit) => Promise<Response>} Ask */

export { Problem, problemFrom, unreachable };

let staysOnPage = false;

/** Stay on this page when a request requires signing in, because the page holds unsaved work; the caller gets the `Problem`. */
export function stayOnPage() {
  staysOnPage = true;
}

/**
 * Call the server and return the response. If signing in or a second factor is required, go to its page, unless `stayOnPage` was called.
 * @param {string} path @param {RequestInit} [options] @param {Ask} [ask] plain `fetch` sends no access token
 * @returns {Promise<Response>} @throws {Problem}
 */
export async function answer(path, options, ask = authorized) {
  let response;
  try {
    response = await ask(path, options);
  } catch (error) {
    if (error instanceof Problem || (error instanceof DOMException && error.name === "AbortError")) throw error;
    throw unreachable();
  }
  if (response.ok) return response;
  const problem = problemFrom(response.status, await response.text(), response.headers.get("Request-ID"));
  if (staysOnPage || !(requiresSignIn(problem) || requiresFactor(problem))) throw problem;
  location.assign(requiresSignIn(problem) ? signInPath() : factorPath());
  return new Promise(() => {}); // never resolves: the browser is leaving the page
}

/** Call the server and return its JSON, or null for 204. @param {string} path @param {RequestInit} [options] @param {Ask} [ask] @returns {Promise<any>} @throws {Problem} */
export async function request(path, options, ask) {
  const response = await answer(path, options, ask);
  return response.status === 204 ? null : response.json();
}

/** Send a JSON body and return the JSON response. @param {string} method @param {string} path @param {object} [body] @param {Record<string, string>} [headers] @param {Ask} [ask] @returns {Promise<any>} @throws {Problem} */
export function send(method, path, body = {}, headers = {}, ask = undefined) {
  return request(path, { method, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) }, ask);
}

/**
 * Run a GraphQL query and return its `data`, in the type that its text and the schema give it.
 * @template {string} Text
 * @param {Text} query @param {import("./graphql.js").Variables<Text>} variables @param {AbortSignal} [signal]
 * @returns {Promise<import("./graphql.js").Result<Text>>} @throws {Problem}
 */
export async function graphql(query, variables, signal) {
  const result = await request("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ query, variables }),
    signal,
  });
  const error = result.errors?.[0];
  if (error) {
    throw new Problem({ title: "The server could not answer this request.", detail: error.message, code: error.extensions?.code, reference: error.extensions?.correlationId });
  }
  return result.data;
}

export const SESSIONS_PER_PAGE = 20;

/**
 * List one page of sessions, newest first.
 * @param {{after?: string | null, exercise?: string | null}} variables
 * @param {AbortSignal} [signal]
 */
export async function sessions({ after = null, exercise = null }, signal) {
  return sessionPage((await graphql(SESSIONS, { first: SESSIONS_PER_PAGE, after, exercise }, signal)).sessions);
}

/** @typedef {import("./graphql.js").Result<typeof SESSIONS>["sessions"]} SessionConnection */
/** @typedef {Awaited<ReturnType<typeof session>>} Session with its sets and repetitions */

/** Return the sessions of a page, and the cursor of the next one. @param {SessionConnection} page */
export function sessionPage({ edges, pageInfo }) {
  return { items: edges.map(({ node }) => node), after: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

/** Get one session with its sets and repetitions. @param {string} id @param {AbortSignal} [signal] */
export async function session(id, signal) {
  const { session: node } = await graphql(SESSION, { id }, signal);
  if (!node) throw new Problem({ title: "Session not found.", detail: `There is no session with the ID ${id}. It may have been deleted.`, code: "session.unknown", status: 404 });
  return { ...node, isOwn: await isOwn(node.athleteId), cues: node.cues.map((each) => ({ ...each, cue: said(each.cue) })) };
}

/** @param {{athlete: string, period: "DAY" | "WEEK" | "MONTH" | "YEAR", from: string, to: string}} variables */
export async function totals(variables) {
  return (await graphql(TOTALS, variables)).totals;
}

/** Give an exercise its name and its cues in the language of the page. @template {{id: string, name: string, faults?: any[]}} T @param {T} exercise @returns {T} */
function translated(exercise) {
  const faults = exercise.faults && { faults: exercise.faults.map((fault) => ({ ...fault, cue: said(fault.cue) })) };
  return { ...exercise, name: textOr(`exercise-${exercise.id}`, exercise.name), ...faults };
}

/** @type {Promise<Map<string, Exercise>> | null} */
let exerciseMap = null;

/** Get all exercises by ID. The list is fetched once per page. @returns {Promise<Map<string, Exercise>>} */
export function exercises() {
  exerciseMap ??= request("/v1/exercises").then(
    (/** @type {Exercise[]} */ result) => new Map(result.map((exercise) => [exercise.id, translated(exercise)])),
    (error) => { exerciseMap = null; throw error; },
  );
  return exerciseMap;
}

/** @type {Map<string, Promise<any>>} */
const definitions = new Map();

/** Get the definition of an exercise. Each is fetched once per page, so that it is also there without a connection. @param {string} id @returns {Promise<any>} @throws {Problem} */
export function definition(id) {
  const earlier = definitions.get(id);
  if (earlier) return earlier;
  const fetched = request(`/v1/exercises/${encodeURIComponent(id)}`).then(translated);
  definitions.set(id, fetched);
  fetched.catch(() => definitions.delete(id));
  return fetched;
}

/** @param {string} id @param {AbortSignal} [signal] @returns {Promise<Schemas["Trace"]>} */
export function trace(id, signal) {
  return request(`/v1/sessions/${encodeURIComponent(id)}/trace`, { signal });
}

/** @param {string} recording @param {string | null} after @param {number} first @param {AbortSignal} [signal] @returns {Promise<Schemas["FramePageBody"]>} */
export async function frames(recording, after, first, signal) {
  const query = new URLSearchParams({ first: String(first), ...(after && { after }) });
  return request(`/v1/recordings/${encodeURIComponent(recording)}/frames?${query}`, { signal });
}

/** @param {string} id @returns {Promise<Job>} */
export function job(id) {
  return request(`/v1/jobs/${encodeURIComponent(id)}`);
}

/** Get the ID of the athlete: the signed-in user, or `athlete` on an installation without accounts. @returns {Promise<string>} */
export async function athlete() {
  await credentials().catch((error) => {
    if (error instanceof Problem) throw error;
    if (lastUser() === null) throw unreachable();
  });
  return useAccountStore.get().user?.id ?? lastUser() ?? "athlete";
}

/** Whether the user may change what an athlete has recorded: it is their own, or the installation has no accounts. @param {string} athleteId @returns {Promise<boolean>} */
export async function isOwn(athleteId) {
  await athlete();
  const user = useAccountStore.get().user?.id ?? lastUser();
  return user === null || user === athleteId;
}
