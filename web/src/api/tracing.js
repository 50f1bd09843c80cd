/**
 * Trace context of the pages' requests (https://www.w3.org/TR/trace-context/): the server logs every
 * request under its trace ID.
 * @module
 */

/** Random bytes in hexadecimal. @param {number} count */
function randomHex(count) {
  return Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return the header `traceparent` of a new request. @param {string} [traceId] default: a new one */
export function traceHeaders(traceId = randomHex(16)) {
  return { traceparent: `00-${traceId}-${randomHex(8)}-01` };
}

/** Trace ID of this page's own errors. */
export const PAGE_TRACE = randomHex(16);

/**
 * `fetch` with a `traceparent`, for requests to this server. Other origins do not get the header.
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export function tracedFetch(path, options = {}) {
  return fetch(path, { ...options, headers: { ...traceHeaders(), .../** @type {Record<string, string>} */ (options.headers) } });
}
