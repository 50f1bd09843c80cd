/**
 * One page at a time holds a session and sends what waits of it; another one may take it over.
 *
 * The page that is asked for a session sends what is under way, and lets go. It is not robbed: what
 * it has sent without knowing the answer would go again under another number.
 * @module
 */

import { Problem } from "../api/problem.js";

/** What a session's lock is called, before its id. */
const LOCK = "kinelog-live-";

/** A page that was just left or reloaded lets go within so long. */
const LEAVING_MS = 3000;

/** A page that is asked waits for the answer to what is under way, ten seconds at most. */
const YIELDING_MS = 15_000;

/** What a session is called that another page holds. */
export const ELSEWHERE = "live.elsewhere";

/** @typedef {{asked: () => void, release: () => void}} Hold `asked` is called when another page wants the session. */

/** What the athlete is told where another page has the session. */
export function elsewhere() {
  return new Problem({
    title: "This session is open in another tab.",
    detail: "It is counted and sent there, and only there.",
    code: ELSEWHERE,
    status: 409,
  });
}

/** Sessions that a page is at work on, this one or another. @returns {Promise<Set<string>>} their ids */
export async function underWay() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.map(({ name = "" }) => name).filter((name) => name.startsWith(LOCK)).map((name) => name.slice(LOCK.length)));
}

/** Hold a session until it is released. @param {string} sessionId @param {boolean} [takeOver] Ask the page for it that has it. @returns {Promise<Hold>} @throws {Problem} ELSEWHERE */
export async function holdOf(sessionId, takeOver = false) {
  if (!navigator.locks) return { asked() {}, release() {} };
  const wishes = new BroadcastChannel(LOCK + sessionId);
  /** @type {any} */ (wishes).unref?.(); // in Node.js it would keep a test from its end
  /** @type {PromiseWithResolvers<void>} */
  const released = Promise.withResolvers();
  const hold = { asked() {}, release: () => { wishes.close(); released.resolve(); } };
  if (takeOver) wishes.postMessage("take over");
  try {
    await locked(LOCK + sessionId, takeOver ? YIELDING_MS : LEAVING_MS, released.promise);
  } catch {
    wishes.close();
    throw elsewhere();
  }
  wishes.onmessage = () => hold.asked();
  return hold;
}

/** Have a lock until something is done. @param {string} name @param {number} withinMs @param {Promise<void>} until @returns {Promise<void>} as soon as we have it */
function locked(name, withinMs, until) {
  return new Promise((resolve, reject) => {
    navigator.locks.request(name, { signal: AbortSignal.timeout(withinMs) }, () => { resolve(); return until; }).catch(reject);
  });
}
