/**
 * HTTP client: REST and GraphQL calls of the pages. Every failure is a `Problem`.
 * @module
 */

import { Problem, problemFrom, unreachable } from "./problem.js";
import { SESSION, SESSIONS, TOTALS } from "./queries.js";
import { authorized, credentials, factorPath, requiresFactor, requiresSignIn, signInPath } from "./credentials.js";
import { useAccountStore } from "../stores/account.js";

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

/**
 * List one page of sessions, newest first.
 * @param {{after?: string | null, exercise?: string | null}} variables
 * @param {AbortSignal} [signal]
 */
export async function sessions({ after = null, exercise = null }, signal) {
  const { sessions: page } = await graphql(SESSIONS, { first: 20, after, exercise }, signal);
  return { items: page.edges.map((/** @type {{node: any}} */ { node }) => node), after: page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null };
}

/** Get one session with its sets and repetitions. @param {string} id @param {AbortSignal} [signal] */
export async function session(id, signal) {
  const { session: node } = await graphql(SESSION, { id }, signal);
  if (!node) throw new Problem({ title: "Session not found.", detail: `There is no session with the ID ${id}. It may have been deleted.`, code: "session.unknown", status: 404 });
  return node;
}

/** @param {{athlete: string, period: "DAY" | "WEEK" | "MONTH" | "YEAR", from: string, to: string}} variables */
export async function totals(variables) {
  return (await graphql(TOTALS, variables)).totals;
}

/** @type {Promise<Map<string, Exercise>> | null} */
let exerciseMap = null;

/** Get all exercises by ID. The list is fetched once per page. @returns {Promise<Map<string, Exercise>>} */
export function exercises() {
  exerciseMap ??= request("/v1/exercises").then(
    (/** @type {Exercise[]} */ result) => new Map(result.map((exercise) => [exercise.id, exercise])),
    (error) => { exerciseMap = null; throw error; },
  );
  return exerciseMap;
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
  await credentials().catch((error) => { throw error instanceof Problem ? error : unreachable(); });
  return useAccountStore.get().user?.id ?? "athlete";
}
