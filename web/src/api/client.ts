/**
 * HTTP client: REST and GraphQL calls of the pages. Every failure is a `Problem`.
 * @module
 */

import { graphqlProblem, Problem, problemFrom, unreachable } from "./problem.ts";
import { SESSION, SESSIONS, TOTALS } from "./queries.ts";
import { authorized, credentials, factorPath, isOfAnotherTenant, requiresFactor, requiresSignIn, signInPath } from "./credentials.ts";
import { SIGN_IN_PAGE } from "./tenant.ts";
import { lastUser, loadOrLast } from "../offline/last-answers.ts";
import { pageUser, setPageUser } from "../stores/account.ts";
import { said, textOr } from "../i18n/l10n.ts";
import type { components } from "../../types/rest.d.ts";
import type { Result, Variables } from "./graphql.ts";
import type { BodyOf, ResponseOf } from "./operations.ts";

/** of the REST API; `npm run types` generates them */
export type Schemas = components["schemas"];
export type Tempo = Schemas["Tempo"];
export type Performance = Schemas["Performance"];
export type RejectedRepetition = Schemas["RejectedRepetition"];
export type Samples = Schemas["TraceSamples"];
export type Job = Schemas["Job"];
export type Exercise = Schemas["Exercise"];
export type Definition = Schemas["Definition"];
type GraphqlError = {message: string, extensions?: {code?: string, correlationId?: string}};
type Ask = (path: string, options?: RequestInit) => Promise<Response>;

export { Problem, unreachable };

/** Holders of unsaved work, because of which the page is not left. */
const holders: Set<unknown> = new Set();

/**
 * Stay on this page when a request requires signing in, because the page holds unsaved work; the caller gets the `Problem`.
 * @param holder of the work
 */
export function stayOnPage(isStaying = true, holder: unknown = null) {
  if (isStaying) holders.add(holder);
  else holders.delete(holder);
}

/** Send what the user has typed or recorded. If that requires signing in, the page stays, and the caller gets the `Problem`. */
export async function stayDuring<T>(act: () => Promise<T>): Promise<T> {
  const holder = {};
  stayOnPage(true, holder);
  try {
    return await act();
  } finally {
    stayOnPage(false, holder);
  }
}

/** Wait for an answer or its body. A lost connection and a body that is no JSON are a `Problem`; an abort stays an `AbortError`. @throws {Problem} */
export async function received<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (error) {
    if (error instanceof Problem || (error instanceof DOMException && error.name === "AbortError")) throw error;
    throw unreachable();
  }
}

/**
 * Call the server and return the response, whose body is read by `received`. If signing in or a second factor is required, go to its page, unless `stayOnPage` was called.
 * If the user belongs to another tenant than the URL, go to the sign-in page, too.
 * @param ask plain `fetch` sends no access token
 * @throws {Problem}
 */
export async function answer(path: string, options?: RequestInit, ask: Ask = authorized): Promise<Response> {
  const response = await received(ask(path, options));
  if (ask === authorized && isOfAnotherTenant() && location.pathname !== SIGN_IN_PAGE) return leaveFor(signInPath());
  if (response.ok) return response;
  const problem = problemFrom(response.status, await received(response.text()), response.headers.get("Request-ID"));
  if (holders.size > 0 || !(requiresSignIn(problem) || requiresFactor(problem))) throw problem;
  return leaveFor(requiresSignIn(problem) ? signInPath() : factorPath());
}

/** Go to another page. The promise never resolves, because the browser is leaving this page. */
function leaveFor(path: string): Promise<never> {
  location.assign(path);
  return new Promise(() => {});
}

/** Call the server and return its JSON, or null for 204. @throws {Problem} */
export async function request<Url extends string, Method extends string = "GET">(url: Url, options?: RequestInit & {method?: Method}, ask?: Ask): Promise<ResponseOf<Method, Url>> {
  const response = await answer(url, options, ask);
  return response.status === 204 ? (null as ResponseOf<Method, Url>) : received(response.json());
}

/** Send a JSON body and return the JSON response. @throws {Problem} */
export function send<Method extends string, Url extends string>(method: Method, url: Url, body?: BodyOf<Method, Url>, headers: Record<string, string> = {}, ask?: Ask): Promise<ResponseOf<Method, Url>> {
  return request(url, { method, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body ?? {}) }, ask);
}

/**
 * Run a GraphQL query and return its `data`, in the type that its text and the schema give it.
 * @throws {Problem}
 */
export async function graphql<Text extends string>(query: Text, variables: Variables<Text>, signal?: AbortSignal): Promise<Result<Text>> {
  const { data, errors } = await request("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ query, variables }),
    signal,
  }) as {data: Result<Text>, errors?: GraphqlError[]};
  const error = errors?.[0];
  if (error) throw graphqlProblem(error.message, error.extensions);
  return data;
}

export const SESSIONS_PER_PAGE = 20;

/** List one page of sessions, newest first. */
export async function sessions({ after = null, exercise = null }: {after?: string | null, exercise?: string | null}, signal?: AbortSignal) {
  return sessionPage((await graphql(SESSIONS, { first: SESSIONS_PER_PAGE, after, exercise }, signal)).sessions);
}

/** A recording whose movement is still kept; null for others. */
export function keptRecording<R extends {mediaRemovedAt: string | null}>(recording: R | null): R | null {
  return recording?.mediaRemovedAt ? null : recording;
}

export type SessionConnection = Result<typeof SESSIONS>["sessions"];
/** with its sets and repetitions */
export type Session = Awaited<ReturnType<typeof session>>;
export type Repetition = Session["repetitions"][number];
/** with its place among all repetitions of a session, counted from 1 */
export type PlacedRepetition = Repetition & {place: number};
/** as in a list */
export type ListedSession = SessionConnection["edges"][number]["node"];

/** Return the sessions of a page, and the cursor of the next one. */
export function sessionPage({ edges, pageInfo }: SessionConnection) {
  return { items: edges.map(({ node }) => node), after: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

/** Get one session with its sets and repetitions. */
export async function session(id: string, signal?: AbortSignal) {
  const { session: node } = await graphql(SESSION, { id }, signal);
  if (!node) throw new Problem({ title: "Session not found.", detail: `There is no session with the ID ${id}. It may have been deleted.`, code: "session.unknown", status: 404 });
  return { ...node, isOwn: await isOwn(node.athleteId), cues: node.cues.map((each) => ({ ...each, cue: said(each.cue) })) };
}

export async function totals(variables: {athlete: string, period: "DAY" | "WEEK" | "MONTH" | "YEAR", from: string, to: string}) {
  return (await graphql(TOTALS, variables)).totals;
}

/** Give an exercise its name and its cues in the language of the page. */
function translated<T extends {id: string, name: string, faults?: {cue: string}[]}>(exercise: T): T {
  const faults = exercise.faults && { faults: exercise.faults.map((fault) => ({ ...fault, cue: said(fault.cue) })) };
  return { ...exercise, name: textOr(`exercise-${exercise.id}`, exercise.name), ...faults };
}

let exerciseMap: Promise<Map<string, Exercise>> | null = null;

/** Get all exercises by ID. The list is fetched once per page. */
export function exercises(): Promise<Map<string, Exercise>> {
  exerciseMap ??= request("/v1/exercises").then(
    (result: Exercise[]) => new Map(result.map((exercise) => [exercise.id, translated(exercise)])),
    (error) => { exerciseMap = null; throw error; },
  );
  return exerciseMap;
}

/** Whether the athlete recorded an exercise; false for one of the library, and for none. */
export const isCustomExercise = (id?: string | null) => Boolean(id?.startsWith("custom_"));

/** Get all exercises by ID, custom ones only if one of these is custom. @throws {Problem} */
export async function exercisesFor(ids: (string | null | undefined)[]): Promise<Map<string, Exercise>> {
  return ids.some(isCustomExercise) ? (await import("./custom-exercises.ts")).trainable() : exercises();
}

/**
 * Load the definition of an exercise with its English texts. A custom one is kept until its user signs out; the service worker keeps the others.
 * @throws {Problem}
 */
function originalDefinition(id: string): Promise<Definition> {
  const load = () => request(`/v1/exercises/${encodeURIComponent(id)}`);
  return isCustomExercise(id) ? loadOrLast(`exercise-${id}`, load) : load();
}

const definitions: Map<string, Promise<Definition>> = new Map();

/** Get the definition of an exercise. Each is fetched once per page, so that it is also there without a connection. @throws {Problem} */
export function definition(id: string): Promise<Definition> {
  const earlier = definitions.get(id);
  if (earlier) return earlier;
  const fetched = originalDefinition(id).then(translated);
  definitions.set(id, fetched);
  fetched.catch(() => definitions.delete(id));
  return fetched;
}

export function trace(id: string, signal?: AbortSignal): Promise<Schemas["Trace"]> {
  return request(`/v1/sessions/${encodeURIComponent(id)}/trace`, { signal });
}

export async function frames(recording: string, after: string | null, first: number, signal?: AbortSignal): Promise<Schemas["FramePageBody"]> {
  const query = new URLSearchParams({ first: String(first), ...(after && { after }) });
  return request(`/v1/recordings/${encodeURIComponent(recording)}/frames?${query}`, { signal });
}

export function job(id: string): Promise<Job> {
  return request(`/v1/jobs/${encodeURIComponent(id)}`);
}

/** Get the ID of the athlete: the signed-in user, or `athlete` on an installation without accounts. */
export async function athlete(): Promise<string> {
  await credentials().catch((error) => {
    if (error instanceof Problem) throw error;
    if (lastUser() === null) throw unreachable();
  });
  const id = pageUser() ?? lastUser();
  setPageUser(id); // without a connection, only the browser knows who it is
  return id ?? "athlete";
}

/** Whether the user may change what an athlete has recorded: it is their own, or the installation has no accounts. */
export async function isOwn(athleteId: string): Promise<boolean> {
  await athlete();
  const user = pageUser();
  return user === null || user === athleteId;
}
