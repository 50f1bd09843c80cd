/**
 * When this browser last changed something on the server. What a page shows may be older once another page has changed it.
 * @module
 */

import { storeValue } from "../stores/browser-storage.ts";

const STORED = "kinelog.changed";

/** The last change, to compare with a later one; null before the first. */
export const lastChange = () => globalThis.localStorage?.getItem(STORED) ?? null;

/** Note a request that the server carried out, unless it only reads. */
export function noteChange(path: string, { method = "GET", body }: RequestInit) {
  const reads = path === "/graphql" ? !String(body).includes("mutation ") : method === "GET";
  if (!reads) storeValue(STORED, String(Date.now()));
}
