/**
 * Access tokens. The access token lives in this page's memory only, the refresh token in a cookie that scripts cannot read.
 * localStorage holds only the fact that someone signed in in this browser; if the browser has cleared it, a cookie of the server still says so.
 * @module
 */

import { clearDisplay } from "../i18n/display-settings.ts";
import { noteChange } from "./last-change.ts";
import { locked } from "./locks.ts";
import { anotherUserProblem, Problem, problemFrom, unreachable } from "./problem.ts";
import { isPublic } from "./public-paths.ts";
import { signInPage, storeTenant, tenant as tenantOfUrl } from "./tenant.ts";
import { tracedFetch } from "./tracing.ts";
import { keepAnswersOf } from "../offline/last-answers.ts";
import { pageUser, setPageUser, useAccountStore, type User } from "../stores/account.ts";
import { storeValue } from "../stores/browser-storage.ts";

const STORED = "kinelog.signed-in";

/** Cookie that the server sets with the refresh token. */
const SIGNED_IN = "kinelog_signed_in";

/** Lock of the browser's sign-in, which all tabs share. */
const LOCK = "kinelog-sign-in";

/** Paths of requests whose response sets or removes the cookie of the sign-in. */
const CHANGES_SIGN_IN = /\?mode=cookie$|\/logout$/;

/** Wait at most this long for the sign-in of another tab; a tab that the system has suspended may hold the lock for hours. */
const PATIENCE_MS = 5000;

/** Renew a token this many seconds before it expires, so that it does not expire during a request. */
const MARGIN_S = 30;

/** Problem codes of requests that require signing in. A new access token may help. */
const TOKEN_PROBLEMS = new Set(["auth.sign_in_required", "auth.token_refused", "auth.sign_in_ended"]);

/** Problem codes of access tokens without a second factor. A new one helps once the sign-in is confirmed in another tab. */
const UNCONFIRMED = new Set(["auth.second_factor_required", "auth.enrolment_required"]);

let token = "";
let tenant = "";
let expiresAt = 0;
let renewing: Promise<boolean> | null = null;

/** Whether someone has signed in in this browser; no request is made. */
export function hasSignedIn() {
  return globalThis.localStorage?.getItem(STORED) === "yes" || hasSignInCookie();
}

/** Whether the browser has the cookies of a sign-in; one that blocks them has none. */
export function hasSignInCookie() {
  return Boolean(globalThis.document?.cookie?.includes(`${SIGNED_IN}=yes`));
}

/** Store the tokens and the user that the server returned. */
export function keep(tokens: {accessToken: string, expiresIn: number, user: User}) {
  setPageUser(tokens.user.id);
  token = tokens.accessToken;
  tenant = tokens.user.tenantId;
  expiresAt = performance.now() + 1000 * (tokens.expiresIn - MARGIN_S);
  storeValue(STORED, "yes");
  storeTenant(tenant);
  keepAnswersOf(tokens.user.id);
  useAccountStore.set({ user: tokens.user });
}

/** Remove the tokens and the user, who signs out on this page; another user may sign in here. */
export function forget() {
  setPageUser(null);
  forgetTokens();
}

/** Remove the tokens. The page goes on only once its own user has signed in again. */
function forgetTokens() {
  token = "";
  expiresAt = 0;
  globalThis.localStorage?.removeItem(STORED);
  if (globalThis.document) document.cookie = `${SIGNED_IN}=; path=/; max-age=0`;
  keepAnswersOf(null);
  clearDisplay();
  useAccountStore.set({ user: null });
}

/**
 * `fetch` with a `traceparent`. The tabs of a browser change its sign-in one after the other, so that a late response
 * to an earlier request does not replace the cookie of another user.
 */
export async function fetchInTurn(path: string, options?: RequestInit): Promise<Response> {
  if (!CHANGES_SIGN_IN.test(path)) return tracedFetch(path, options);
  const done: PromiseWithResolvers<void> = Promise.withResolvers();
  await locked(LOCK, AbortSignal.timeout(PATIENCE_MS), done.promise).catch(() => {}); // after this time, it goes on without the lock
  try {
    return await tracedFetch(path, options);
  } finally {
    done.resolve();
  }
}

/**
 * Get a new access token by the refresh cookie. Concurrent callers share one request.
 * @returns whether the user is still signed in
 * @throws {Problem} if the server is unavailable, or another user has signed in in another tab; TypeError if there is no connection
 */
export function renew(): Promise<boolean> {
  renewing ??= requestRenewal().finally(() => { renewing = null; });
  return renewing;
}

/** Get a new access token for a recording, if someone is signed in. Without a connection, the current one is kept. */
export async function renewForRecording() {
  if (!hasSignedIn()) return;
  try {
    await renew();
  } catch (error) {
    if (!(error instanceof Problem || error instanceof TypeError)) throw error; // the recording's own requests report an outage
  }
}

async function requestRenewal() {
  const response = await fetchInTurn("/v1/auth/refresh?mode=cookie", { method: "POST" });
  if (response.ok) {
    const tokens = await response.json().catch(() => { throw unreachable(); }); // not from Kinelog, or broken off
    const user = pageUser();
    if (user !== null && user !== tokens.user.id) throw anotherUserProblem();
    keep(tokens);
    return true;
  }
  if (response.status !== 401 && response.status !== 403) {
    throw problemFrom(response.status, await response.text(), response.headers.get("Request-ID"));
  }
  forgetTokens();
  return false;
}

/** Return the headers of the user and of their tenant, or none if nobody has signed in. */
export async function credentials(): Promise<Record<string, string>> {
  if (hasSignedIn() && performance.now() >= expiresAt) await renew();
  return token ? { Authorization: `Bearer ${token}`, "X-Tenant-ID": tenant } : {};
}

/** Whether the URL names another tenant than that of the user, as a link in an e-mail may. */
export function isOfAnotherTenant() {
  return tenant !== "" && (tenantOfUrl() ?? tenant) !== tenant;
}

/** Whether the response is a 401 or 403 that a new access token may fix. */
async function isTokenProblem(response: Response) {
  if (response.status !== 401 && response.status !== 403) return false;
  try {
    const { code } = await response.clone().json();
    return TOKEN_PROBLEMS.has(code) || UNCONFIRMED.has(code);
  } catch {
    return false; // The body is not JSON, for example a proxy's error page.
  }
}

/** Return the headers of the user, or none without a connection if the service worker may have the answer. */
async function credentialsFor(path: string) {
  try {
    return await credentials();
  } catch (error) {
    if (error instanceof TypeError && isPublic(path)) return {};
    throw error;
  }
}

/**
 * `fetch` with the access token and a `traceparent`. If the token is refused, missing or without a second factor, the request is repeated once with a new one.
 * @param fetching sends the request
 */
export async function authorized(path: string, options: RequestInit = {}, fetching: typeof fetchInTurn = fetchInTurn) {
  const send = async () => fetching(path, { ...options, headers: { ...options.headers, ...await credentialsFor(path) } });
  const first = await send();
  const response = await isTokenProblem(first) && await renew() ? await send() : first;
  if (response.ok) noteChange(path, options);
  return response;
}

/** Whether the problem means that the user has to sign in. */
export function requiresSignIn(problem: {code: string}) {
  return TOKEN_PROBLEMS.has(problem.code);
}

/** Problem codes after which a second factor may help. */
const FACTOR_PROBLEMS = new Set([...UNCONFIRMED, "auth.confirmation_required"]);

/** The page that confirms a sign-in or adds a second factor. */
export const FACTOR_PAGE = "/second_factor.html";

/** Whether the problem means that a second factor has to confirm the sign-in, elsewhere than here. */
export function requiresFactor(problem: {code: string}) {
  return FACTOR_PROBLEMS.has(problem.code) && location.pathname !== FACTOR_PAGE;
}

/** The second-factor page's path, with the current page as the return address. */
export function factorPath() {
  return `${FACTOR_PAGE}?${new URLSearchParams({ return_to: location.pathname + location.search + location.hash })}`;
}

/** Return the URL to continue to after signing in; URLs of other sites are replaced by the home page. */
export function safeReturn(target: string | null, origin: string = location.origin) {
  if (!target?.startsWith("/")) return `${origin}/`;
  try {
    const there = new URL(target, origin);
    return there.origin === origin ? there.href : `${origin}/`;
  } catch {
    return `${origin}/`;
  }
}

/** The sign-in page's path, with the current page as the return address. */
export function signInPath() {
  return signInPage({ return_to: location.pathname + location.search + location.hash });
}
