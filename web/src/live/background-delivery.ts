/**
 * Delivery of what closed pages left in the queue, by a page that shows no session or by the service worker.
 * @module
 */

import { renew } from "../api/credentials.ts";
import { Problem } from "../api/problem.ts";
import { LiveSession } from "./live-session.ts";
import { listOpenSessions } from "./session-lock.ts";
import { openStorage } from "./storage.ts";

/** `left`: a page has to open the session, which shows why */
type Outcome = "sent" | "unreachable" | "left";

/** Maximum time for the entries of one session. */
const LONGEST_MS = 120_000;

/** IDs of an athlete's sessions of which something waits to be sent and that no page has open. */
export async function waitingSessions(athleteId: string): Promise<string[]> {
  const [{ queue }, busy] = await Promise.all([openStorage(), listOpenSessions()]);
  const own = (await queue.sessions()).filter((each) => each.athleteId === athleteId && !busy.has(each.sessionId)).map(({ sessionId }) => sessionId);
  const first = await Promise.all(own.map((id) => queue.first(id)));
  return own.filter((_, index) => first[index] !== undefined);
}

/** Send what waits of an athlete's sessions. @returns by session */
export async function deliverWaiting(athleteId: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const id of await waitingSessions(athleteId)) outcomes.push(await deliver(id));
  return outcomes;
}

async function deliver(sessionId: string): Promise<Outcome> {
  try {
    const session = await LiveSession.resume(sessionId, { refresh: renew, isBackground: true });
    const outcome = await outcomeOf(session);
    session.close();
    return outcome;
  } catch (error) {
    if (error instanceof Problem) return "left"; // a page has opened it in the meantime
    throw error;
  }
}

function outcomeOf(session: LiveSession): Promise<Outcome> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_MS, "unreachable");
    const end = (outcome: Outcome) => { clearTimeout(timer); resolve(outcome); };
    session.addEventListener("sent", () => end("sent"));
    session.completed.then(() => end("sent"), () => end("left"));
    session.addEventListener("problem", () => end("left"));
    session.addEventListener("mode", () => { if (session.isCutOff) end("unreachable"); });
  });
}
