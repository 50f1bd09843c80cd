/**
 * The doors of the server that the page uses, and their refusals as one kind of error.
 * @module
 */

import { SESSION, SESSIONS, TOTALS } from "./queries.js";

/** @typedef {{eccentricS: number, bottomPauseS: number, concentricS: number, topPauseS: number}} Tempo */
/** @typedef {{score: number, completion: number | null, form: number | null, tempo: number | null, rangeOfMotion: number | null}} Performance */
/** @typedef {{set: number, number: number, startMs: number, endMs: number, tempo: Tempo | null, rangeOfMotionDeg: number | null, symmetry: number | null, form: number | null, confidence: number, faults: string[]}} Repetition */
/** @typedef {{startMs: number, endMs: number, reason: string}} RejectedRepetition */
/** @typedef {{timeS: number[], effort: number[], angleDeg: (number | null)[], phase: string[]}} Samples */
/** @typedef {{id: string, state: string, progress: number, revision: number, name: string, sessionId: string | null, problem: {code: string, detail: string} | null}} Job */
/** @typedef {{id: string, name: string, version: number, kind: string, faults: {id: string, cue: string}[]}} Exercise */

/** What the server refused, or that it could not be reached. */
export class Problem extends Error {
  /** @param {{title: string, detail?: string | null, code?: string, status?: number, reference?: string | null}} facts */
  constructor({ title, detail = null, code = "unknown", status = 0, reference = null }) {
    super(detail ?? title);
    this.title = title;
    this.detail = detail;
    this.code = code;
    this.status = status;
    this.reference = reference;
  }
}

/** @returns {Problem} */
export function unreachable() {
  return new Problem({ title: "Kinelog cannot be reached.", detail: "The connection was lost or the server is not running.", code: "unreachable" });
}

/**
 * Read a problem+json body (RFC 9457); any other body becomes a problem with the status alone.
 * @param {number} status
 * @param {string} body
 * @param {string | null} requestId
 */
export function problemFrom(status, body, requestId) {
  let told = {};
  try {
    told = JSON.parse(body);
  } catch {
    // A proxy's HTML page says nothing a reader could use; the status does.
  }
  return new Problem({
    title: told.title ?? `The server answered with status ${status}.`,
    detail: told.detail ?? told.message ?? null,
    code: told.code,
    status,
    reference: told.correlationId ?? requestId,
  });
}

/** @param {string} path @param {RequestInit} [options] @returns {Promise<any>} */
async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (!response.ok) throw problemFrom(response.status, await response.text(), response.headers.get("Request-ID"));
  return response.json();
}

/** @param {string} query @param {Record<string, unknown>} variables @param {AbortSignal} [signal] */
async function graphql(query, variables, signal) {
  const answer = await request("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ query, variables }),
    signal,
  });
  const error = answer.errors?.[0];
  if (error) {
    throw new Problem({ title: "The question was refused.", detail: error.message, code: error.extensions?.code, reference: error.extensions?.correlationId });
  }
  return answer.data;
}

/**
 * A page of sessions, newest first.
 * @param {{after?: string | null, exercise?: string | null}} wish
 * @param {AbortSignal} [signal]
 */
export async function sessions({ after = null, exercise = null }, signal) {
  const { sessions: page } = await graphql(SESSIONS, { first: 20, after, exercise }, signal);
  return { items: page.edges.map((edge) => edge.node), after: page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null };
}

/** One session with its sets and repetitions. @param {string} id @param {AbortSignal} [signal] */
export async function session(id, signal) {
  const { session: found } = await graphql(SESSION, { id }, signal);
  if (!found) throw new Problem({ title: "There is no such session.", detail: `No session has the id ${id}.`, code: "session.unknown", status: 404 });
  return found;
}

/** @param {{athlete: string, period: "DAY" | "WEEK" | "MONTH", from: string, to: string}} wish */
export async function totals(wish) {
  return (await graphql(TOTALS, wish)).totals;
}

/** @type {Promise<Map<string, Exercise>> | null} */
let known = null;

/** All exercises by id; asked once. @returns {Promise<Map<string, Exercise>>} */
export function exercises() {
  known ??= request("/v1/exercises").then(
    (answer) => new Map((Array.isArray(answer) ? answer : answer.items).map((exercise) => [exercise.id, exercise])),
    (error) => { known = null; throw error; },
  );
  return known;
}

/** @param {string} id @param {AbortSignal} [signal] @returns {Promise<{samples: Samples, unit: string}>} */
export function trace(id, signal) {
  return request(`/v1/sessions/${encodeURIComponent(id)}/trace`, { signal });
}

/** @param {string} recording @param {string | null} after @param {number} first @param {AbortSignal} [signal] */
export async function frames(recording, after, first, signal) {
  const query = new URLSearchParams({ first: String(first), ...(after && { after }) });
  return request(`/v1/recordings/${encodeURIComponent(recording)}/frames?${query}`, { signal });
}

/** @param {string} id @returns {Promise<Job>} */
export function job(id) {
  return request(`/v1/jobs/${encodeURIComponent(id)}`);
}
