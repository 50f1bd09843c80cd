/**
 * Who asks. The access token is in this page's memory alone, the refresh token in a cookie that no
 * script can read; what is stored is only that somebody signed in here.
 * @module
 */

import { forgetDisplay } from "../i18n/display-settings.js";
import { problemFrom } from "./problem.js";
import { useAccountStore } from "../stores/account.js";

const STORED = "kinelog.signed-in";

/** Seconds before its end from which a token is not used any more: a request takes its time. */
const MARGIN_S = 30;

/** The refusals that another access token may help against. */
const WANTS_TOKEN = new Set(["auth.sign_in_required", "auth.token_refused", "auth.sign_in_ended"]);

let token = "";
let expiresAt = 0;
/** @type {Promise<boolean> | null} */
let renewing = null;

/** Whether somebody has signed in in this browser, as far as it knows without asking. */
export function hasSignedIn() {
  return globalThis.localStorage?.getItem(STORED) === "yes";
}

/** Keep what the server hands over. @param {{accessToken: string, expiresIn: number, user: import("../stores/account.js").User}} tokens */
export function keep(tokens) {
  token = tokens.accessToken;
  expiresAt = performance.now() + 1000 * (tokens.expiresIn - MARGIN_S);
  globalThis.localStorage?.setItem(STORED, "yes");
  useAccountStore.set({ user: tokens.user });
}

/** Know nobody any more. */
export function forget() {
  token = "";
  expiresAt = 0;
  globalThis.localStorage?.removeItem(STORED);
  forgetDisplay();
  useAccountStore.set({ user: null });
}

/**
 * Get an access token by the cookie; who asks meanwhile gets the same one.
 * @returns {Promise<boolean>} whether somebody is still signed in
 * @throws {Problem} where the server cannot tell at the moment; TypeError without a connection
 */
export function renew() {
  renewing ??= renewed().finally(() => { renewing = null; });
  return renewing;
}

async function renewed() {
  const response = await fetch("/v1/auth/refresh?mode=cookie", { method: "POST" });
  if (response.ok) {
    keep(await response.json());
    return true;
  }
  if (response.status !== 401 && response.status !== 403) {
    throw problemFrom(response.status, await response.text(), response.headers.get("Request-ID"));
  }
  forget();
  return false;
}

/**
 * The header that says who asks; none where nobody has signed in.
 * @returns {Promise<Record<string, string>>}
 */
export async function credentials() {
  if (hasSignedIn() && performance.now() >= expiresAt) await renew();
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** Whether a request was refused for its token. @param {Response} response */
async function wantsToken(response) {
  if (response.status !== 401) return false;
  try {
    return WANTS_TOKEN.has((await response.clone().json()).code);
  } catch {
    return false; // A proxy's page: it does not ask for our token.
  }
}

/**
 * `fetch`, saying who asks. Refused for its token, the request is sent once more with a new one.
 * @param {string} path
 * @param {RequestInit} [options]
 */
export async function authorized(path, options = {}) {
  const send = async () => fetch(path, { ...options, headers: { ...options.headers, ...await credentials() } });
  const response = await send();
  return await wantsToken(response) && await renew() ? send() : response;
}

/** Whether somebody has to sign in before this can be answered. @param {{code: string}} problem */
export function mustSignIn(problem) {
  return WANTS_TOKEN.has(problem.code);
}

/**
 * The address of this site that a page was asked to go on to; the first page for any other address.
 * @param {string | null} wish
 * @param {string} [origin]
 */
export function safeReturn(wish, origin = location.origin) {
  if (!wish?.startsWith("/")) return `${origin}/`;
  try {
    const there = new URL(wish, origin);
    return there.origin === origin ? there.href : `${origin}/`;
  } catch {
    return `${origin}/`;
  }
}

/** The path to sign in by, and to come back from to where one is. */
export function signInPath() {
  const here = location.pathname + location.search + location.hash;
  return `/sign_in.html?${new URLSearchParams({ return_to: here })}`;
}
