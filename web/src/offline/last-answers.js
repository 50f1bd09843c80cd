/**
 * The last answers for the signed-in user, for pages that are opened without a connection. Signing out deletes them.
 * The event `last-answer` tells the page that such an answer is shown.
 * @module
 */

import { Problem } from "../api/problem.js";

const CACHE = "kinelog-last-answers";
const USER = "kinelog.user";

/** @param {string} name @param {string | null} user */
const keyOf = (name, user) => `/last-answers/${encodeURIComponent(String(user))}/${encodeURIComponent(name)}`;

/** Store an answer. @param {string} name @param {unknown} answer @param {string | null} [user] who got it */
export async function keepAnswer(name, answer, user = lastUser()) {
  try {
    const cache = await globalThis.caches?.open(CACHE);
    await cache?.put(keyOf(name, user), Response.json(answer));
    if (lastUser() !== user) await globalThis.caches?.delete(CACHE); // the user signed out in the meantime
  } catch {
    // Without room, there is no answer later.
  }
}

/**
 * Load and store an answer, or return the stored one if the server cannot be reached.
 * @template T @param {string} name @param {() => Promise<T>} load @returns {Promise<T>} @throws {Problem}
 */
export async function loadOrLast(name, load) {
  try {
    const answer = await load();
    void keepAnswer(name, answer);
    return answer;
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 0) throw error;
    const last = await lastAnswer(name);
    if (last === undefined) throw error;
    return /** @type {T} */ (last);
  }
}

/** The stored answer; undefined if there is none. @param {string} name @returns {Promise<unknown>} */
export async function lastAnswer(name) {
  const last = await globalThis.caches?.match(keyOf(name, lastUser()), { cacheName: CACHE });
  if (!last) return undefined;
  globalThis.dispatchEvent?.(new Event("last-answer"));
  return last.json();
}

/** ID of the user who is signed in in this browser, as far as it is known without a connection. @returns {string | null} */
export function lastUser() {
  return globalThis.localStorage?.getItem(USER) ?? null;
}

/** Delete the answers unless they are for this user. @param {string | null} user */
export function keepAnswersOf(user) {
  if (!globalThis.localStorage) return; // a worker does not know whose the answers are
  if (user !== null && lastUser() === user) return;
  void globalThis.caches?.delete(CACHE);
  if (user === null) globalThis.localStorage?.removeItem(USER);
  else globalThis.localStorage?.setItem(USER, user);
}
