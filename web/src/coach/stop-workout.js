/**
 * Stopping a workout: its results are stored in the browser, sent, and followed until both stores of the pose coach have them.
 * @module
 */

import { athlete, graphql, Problem } from "../api/client.js";
import { COACH_SESSIONS, STOP_WORKOUT } from "../api/queries.js";
import { useAccountStore } from "../stores/account.js";
import { uniqueKey } from "../ui/dom.js";
import { t } from "../i18n/l10n.js";
import { workoutResults } from "./workout-results.js";

/** Key of the pose coach on an installation without accounts. */
const ONLY_PERSON = "athlete";

/** Status of a result that the server refuses. */
const REFUSED = 422;

const STORED = "kinelog.stopped-workouts";

/** Interval between the first two looks at the stores; the others are longer. */
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;

/** Number of the newest sessions among which the results of a workout are. */
const NEWEST = 50;

/** @typedef {import("./workout-results.js").WorkoutResult} WorkoutResult */
/** @typedef {WorkoutResult & {commandId: string}} Unsent */
/** @typedef {import("../api/graphql.js").Result<typeof COACH_SESSIONS>["workoutSessions"]["edges"][number]["node"]} CoachSession */
/** @typedef {{sessionId: string, motivationalFeedback: string}} Saved */

/** Results that were not sent, of one athlete. @param {string} user @returns {Unsent[]} */
function unsentOf(user) {
  try {
    return JSON.parse(localStorage.getItem(`${STORED}.${user}`) ?? "[]");
  } catch {
    return []; // the browser has no storage, or it was changed by hand
  }
}

/** @param {string} user @param {Unsent[]} unsent */
function storeUnsent(user, unsent) {
  try {
    if (unsent.length) localStorage.setItem(`${STORED}.${user}`, JSON.stringify(unsent));
    else localStorage.removeItem(`${STORED}.${user}`);
  } catch {
    // Without storage, they are sent from this page or not at all. The session itself is in the log.
  }
}

/** @param {Unsent} result @returns {Promise<Saved>} @throws {Problem} */
async function send(result) {
  const input = { userId: useAccountStore.get().user?.poseCoachUid ?? ONLY_PERSON, ...result };
  const { stopWorkout: answer } = await graphql(STOP_WORKOUT, { input });
  if ("code" in answer) throw new Problem({ title: t("workout-not-saved"), detail: answer.message, code: answer.code, reference: answer.correlationId, status: REFUSED });
  return answer;
}

/**
 * Send the results of a session, and those that could not be sent before. A result that the server refuses is not sent again.
 * @param {any} [session] result of the query SESSION @returns {Promise<Saved[]>} what was saved of this session @throws {Problem} if one of its results was not saved
 */
export async function stopWorkout(session) {
  const user = await athlete();
  const results = session ? workoutResults(session).map((each) => ({ ...each, commandId: uniqueKey() })) : [];
  const unsent = [...unsentOf(user), ...results];
  storeUnsent(user, unsent);
  /** @type {Saved[]} */
  const saved = [];
  let problem = null;
  for (const result of unsent) {
    const isNew = results.some(({ commandId }) => commandId === result.commandId);
    try {
      const answer = await send(result);
      if (isNew) saved.push(answer);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (isNew) problem = error;
      if (error.status !== REFUSED) continue; // sent again by the next page
    }
    storeUnsent(user, unsentOf(user).filter(({ commandId }) => commandId !== result.commandId));
  }
  if (problem) throw problem;
  return saved;
}

/** The newest sessions with their states in the stores. @param {number} [first] @returns {Promise<CoachSession[]>} @throws {Problem} */
export async function coachSessions(first = NEWEST) {
  return (await graphql(COACH_SESSIONS, { first })).workoutSessions.edges.map(({ node }) => node);
}

/** Whether both stores have a session. @param {CoachSession} session */
export const isInBoth = ({ sinks }) => sinks.document === "SAVED" && sinks.analytics === "SAVED";

/**
 * Follow sessions until both stores have all of them.
 * @param {string[]} ids @param {(sessions: CoachSession[]) => void} onStates called with each look @param {AbortSignal} signal
 */
export async function followStores(ids, onStates, signal) {
  for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(1.5 * pauseMs, LONGEST_PAUSE_MS)) {
    const found = await coachSessions().catch((error) => {
      if (!(error instanceof Problem)) throw error;
      return []; // an outage: the next look may succeed
    });
    const sessions = found.filter(({ sessionId }) => ids.includes(sessionId));
    if (!signal.aborted && sessions.length) onStates(sessions);
    if (sessions.length === ids.length && sessions.every(isInBoth)) return;
    await new Promise((resolve) => { setTimeout(resolve, pauseMs); });
  }
}
