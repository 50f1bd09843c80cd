/**
 * Session lock: only one page at a time sends the data of a session; another page may take over.
 *
 * The page that is asked to release a session first finishes the request in progress. The lock is not
 * stolen: a chunk sent without knowing the answer would be sent again under another number.
 * @module
 */

import { heldLocks, locked } from "../api/locks.ts";
import { Problem } from "../api/problem.ts";

/** Prefix of the lock name, before the session ID. */
const LOCK = "kinelog-live-";

/** Message of a page that takes over. */
const TAKE_OVER = "take over";

/** Message of a page that opens a session, which the background gives up then. */
const OPEN = "open";

/** Message of who gives a session up, after the request in progress. */
const YIELDS = "yields";

/** Timeout for a page that was just left or reloaded to release its lock. */
const LEAVING_MS = 3000;

/** Timeout for a page that is asked to release its lock; its chunk in progress takes at most three seconds on a channel and ten by request. */
const YIELDING_MS = 15_000;

/** Code of the problem that another page has the session open. */
export const ELSEWHERE = "live.elsewhere";

/** `onRequest` is called when another page wants the session; in the background, also when one only opens it */
export type SessionLock = {onRequest: () => void, release: () => void};

/** The problem that another page has the session open. */
export function openElsewhereProblem() {
  return new Problem({
    title: "This session is open in another tab.",
    detail: "Only one tab at a time can count a session.",
    code: ELSEWHERE,
    status: 409,
  });
}

/** IDs of the sessions that a page has open, this one or another. @returns their ids */
export async function listOpenSessions(): Promise<Set<string>> {
  const held = await heldLocks();
  return new Set(held.filter((name) => name.startsWith(LOCK)).map((name) => name.slice(LOCK.length)));
}

/** Lock a session until it is released. @param how `takeOver`: ask the page that has it to release it @throws {Problem} ELSEWHERE */
export async function lockSession(sessionId: string, { takeOver = false, isBackground = false }: {takeOver?: boolean, isBackground?: boolean} = {}): Promise<SessionLock> {
  if (!navigator.locks) return { onRequest() {}, release() {} };
  const channel = new BroadcastChannel(LOCK + sessionId);
  (channel as {unref?: () => void}).unref?.(); // in Node.js it would keep the process running
  const released: PromiseWithResolvers<void> = Promise.withResolvers();
  const lock = { onRequest() {}, release: () => { channel.close(); released.resolve(); } };
  const patience = new AbortController();
  const waitFor = (ms: number) => setTimeout(() => patience.abort(), ms);
  let timer = waitFor(takeOver ? YIELDING_MS : LEAVING_MS);
  channel.onmessage = ({ data }) => { if (data === YIELDS) { clearTimeout(timer); timer = waitFor(YIELDING_MS); } };
  if (!isBackground) channel.postMessage(takeOver ? TAKE_OVER : OPEN);
  try {
    await locked(LOCK + sessionId, patience.signal, released.promise);
  } catch {
    channel.close();
    throw openElsewhereProblem();
  } finally {
    clearTimeout(timer);
  }
  channel.onmessage = ({ data }) => {
    if (data !== TAKE_OVER && !(isBackground && data === OPEN)) return;
    channel.postMessage(YIELDS);
    lock.onRequest();
  };
  return lock;
}
