/**
 * Delivery of what closed pages left in the queue, by a page that shows no session or by the service worker.
 * @module
 */

import { renew } from "../api/credentials.js";
import { Problem } from "../api/problem.js";
import { LiveSession } from "./live-session.js";
import { listOpenSessions } from "./session-lock.js";
import { opened } from "./storage.js";

/** @typedef {"sent" | "unreachable" | "left"} Outcome `left`: a page has to open the session, which shows why */

/** Maximum time for the entries of one session. */
const LONGEST_MS = 120_000;

/** IDs of an athlete's sessions of which something waits to be sent and that no page has open. @param {string} athleteId @returns {Promise<string[]>} */
export async function waitingSessions(athleteId) {
  const [{ queue }, busy] = await Promise.all([opened(), listOpenSessions()]);
  const own = (await queue.sessions()).filter((each) => each.athleteId === athleteId && !busy.has(each.sessionId)).map(({ sessionId }) => sessionId);
  const first = await Promise.all(own.map((id) => queue.first(id)));
  return own.filter((_, index) => first[index] !== undefined);
}

/** Send what waits of an athlete's sessions. @param {string} athleteId @returns {Promise<Outcome[]>} by session */
export async function deliverWaiting(athleteId) {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const id of await waitingSessions(athleteId)) outcomes.push(await deliver(id));
  return outcomes;
}

/** @param {string} sessionId @returns {Promise<Outcome>} */
async function deliver(sessionId) {
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

/** @param {LiveSession} session @returns {Promise<Outcome>} */
function outcomeOf(session) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_MS, "unreachable");
    const end = (/** @type {Outcome} */ outcome) => { clearTimeout(timer); resolve(outcome); };
    session.addEventListener("sent", () => end("sent"));
    session.completed.then(() => end("sent"), () => end("left"));
    session.addEventListener("problem", () => end("left"));
    session.addEventListener("mode", () => { if (session.isCutOff) end("unreachable"); });
  });
}
