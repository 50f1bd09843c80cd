/**
 * Trace context of the pages' requests (https://www.w3.org/TR/trace-context/): the server logs every
 * request under its trace ID.
 * @module
 */

/** Random bytes in hexadecimal. */
function randomHex(count: number) {
  return Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return the header `traceparent` of a new request. @param traceId default: a new one */
export function traceHeaders(traceId: string = randomHex(16)) {
  return { traceparent: `00-${traceId}-${randomHex(8)}-01` };
}

/** Trace ID of this page's own errors. */
export const PAGE_TRACE = randomHex(16);

/** `fetch` with a `traceparent`, for requests to this server. Other origins do not get the header. */
export function tracedFetch(path: string, options: RequestInit = {}): Promise<Response> {
  return fetch(path, { ...options, headers: { ...traceHeaders(), ...options.headers as Record<string, string> } });
}
