/**
 * Tenant in which a user of this browser signs in: that of the URL, or of the last sign-in.
 * @module
 */

import { storeValue } from "../stores/browser-storage.ts";

export const SIGN_IN_PAGE = "/sign_in.html";

/** Key in localStorage; the tenant of the last sign-in stays after signing out. */
const STORED = "kinelog.tenant";

/** The tenant of requests that name none. */
export const DEFAULT_TENANT = "default";

/** The tenant in the URL, if any; links to other pages keep it. */
export function tenant() {
  return new URLSearchParams(location.search).get("tenant") || null; // an empty one names none
}

/** Store the tenant of a sign-in. */
export function storeTenant(of: string) {
  storeValue(STORED, of);
}

/** The sign-in page's path, in the tenant of the URL or of the last sign-in. @param query added to it */
export function signInPage(query: Record<string, string> = {}) {
  const named = tenant();
  const of = named ?? globalThis.localStorage?.getItem(STORED) ?? DEFAULT_TENANT;
  const search = new URLSearchParams(named === null && of === DEFAULT_TENANT ? query : { ...query, tenant: of });
  return search.size ? `${SIGN_IN_PAGE}?${search}` : SIGN_IN_PAGE;
}
