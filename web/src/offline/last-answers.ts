/**
 * The last answers for the signed-in user, for pages that are opened without a connection. Signing out deletes them.
 * The event `last-answer` tells the page that such an answer is shown.
 * @module
 */

import { Problem } from "../api/problem.ts";
import { pageUser } from "../stores/account.ts";
import { storeValue } from "../stores/browser-storage.ts";

const CACHE = "kinelog-last-answers";
const USER = "kinelog.user";

const keyOf = (name: string, user: string | null) => `/last-answers/${encodeURIComponent(String(user))}/${encodeURIComponent(name)}`;

/** ID of the user of this page; undefined if somebody else signed in, or they signed out, in another tab. */
function presentUser(): string | null | undefined {
  const user = pageUser() ?? lastUser();
  return user === lastUser() ? user : undefined;
}

/** Store an answer for the user of this page, unless they signed out in another tab. */
export async function keepAnswer(name: string, answer: unknown) {
  const user = presentUser();
  if (user === undefined) return;
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
 * @param isShown whether it is what the page shows, so that the page says that it is the last one
 * @throws {Problem}
 */
export async function loadOrLast<T>(name: string, load: () => Promise<T>, isShown = true): Promise<T> {
  try {
    const answer = await load();
    void keepAnswer(name, answer);
    return answer;
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 0) throw error;
    const last = await lastAnswer(name, isShown);
    if (last === undefined) throw error;
    return last as T;
  }
}

/** The stored answer for the user of this page; undefined if there is none. @param isShown whether it is what the page shows */
export async function lastAnswer(name: string, isShown = true): Promise<unknown> {
  const user = presentUser();
  if (user === undefined) return undefined;
  const last = await globalThis.caches?.match(keyOf(name, user), { cacheName: CACHE }).catch(() => undefined);
  if (!last) return undefined;
  if (isShown) globalThis.dispatchEvent?.(new Event("last-answer"));
  return last.json();
}

/** ID of the user who is signed in in this browser, as far as it is known without a connection. */
export function lastUser(): string | null {
  return globalThis.localStorage?.getItem(USER) ?? null;
}

/** Delete the answers unless they are for this user. */
export function keepAnswersOf(user: string | null) {
  if (!globalThis.localStorage) return; // a worker does not know whose the answers are
  if (user !== null && lastUser() === user) return;
  globalThis.caches?.delete(CACHE).catch(() => {}); // a browser that refuses storage has none
  if (user !== null) storeValue(USER, user);
  if (lastUser() !== user) globalThis.localStorage.removeItem(USER); // after a sign-out, or without room for the new ID
}
