/**
 * Stopping a workout: its results are stored in the browser, sent, and followed until both stores of the pose coach have them.
 * @module
 */

import { athlete, graphql, Problem, type Session } from "../api/client.ts";
import { COACH_SESSIONS, STOP_WORKOUT } from "../api/queries.ts";
import { useAccountStore } from "../stores/account.ts";
import { uniqueKey } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";
import { storeUnsent, unsentOf, type Unsent } from "./unsent-results.ts";
import { workoutResults } from "./workout-results.ts";
import type { Result } from "../api/graphql.ts";

/** Key of the pose coach on an installation without accounts. */
const ONLY_PERSON = "athlete";

/** Status of a result that the server refuses. */
const REFUSED = 422;

/** Interval between the first two looks at the stores; the others are longer. */
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;

/** Number of the newest sessions among which the results of a workout are. */
const NEWEST = 50;

export type CoachSession = Result<typeof COACH_SESSIONS>["workoutSessions"]["edges"][number]["node"];
type Saved = {sessionId: string, motivationalFeedback: string};

/** @throws {Problem} */
async function send({ sessionId: _, ...result }: Unsent): Promise<Saved> {
  const input = { userId: useAccountStore.get().user?.poseCoachUid ?? ONLY_PERSON, ...result };
  const { stopWorkout: answer } = await graphql(STOP_WORKOUT, { input });
  if ("code" in answer) throw new Problem({ title: t("workout-not-saved"), detail: answer.message, code: answer.code, reference: answer.correlationId, status: REFUSED });
  return answer;
}

/**
 * Send the results of a session, and those that could not be sent before. A result that the server refuses is not sent again.
 * @param session result of the query SESSION @returns what was saved of this session @throws {Problem} if one of its results was not saved
 */
export async function stopWorkout(session?: Session): Promise<Saved[]> {
  const user = await athlete();
  const results = session ? workoutResults(session).map((each) => ({ ...each, sessionId: session.sessionId, commandId: uniqueKey() })) : [];
  const unsent = [...unsentOf(user), ...results];
  storeUnsent(user, unsent);
  const saved: Saved[] = [];
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

/** The newest sessions with their states in the stores. @throws {Problem} */
export async function coachSessions(first: number = NEWEST): Promise<CoachSession[]> {
  return (await graphql(COACH_SESSIONS, { first })).workoutSessions.edges.map(({ node }) => node);
}

/** Whether both stores have a session. */
export const isInBoth = ({ sinks }: CoachSession) => sinks.document === "SAVED" && sinks.analytics === "SAVED";

/**
 * Follow sessions until both stores have all of them.
 * @param onStates called with each look
 */
export async function followStores(ids: string[], onStates: (sessions: CoachSession[]) => void, signal: AbortSignal) {
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
