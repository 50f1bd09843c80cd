/**
 * Errors of the API (RFC 9457 Problem Details).
 * @module
 */

/** A request that the server refused, or that did not reach it (status 0). */
export class Problem extends Error {
  /** @param {{title: string, detail?: string | null, code?: string, status?: number, reference?: string | null}} facts */
  constructor({ title, detail = null, code = "unknown", status = 0, reference = null }) {
    super(detail ?? title);
    this.title = title;
    this.detail = detail;
    this.code = code;
    this.status = status;
    this.reference = reference;
  }
}

/** @returns {Problem} */
export function unreachable() {
  return new Problem({ title: "Cannot reach Kinelog.", detail: "Check your connection, or try again in a moment.", code: "unreachable" });
}

/**
 * Parse a problem+json body (RFC 9457); any other body becomes a problem with only the status.
 * @param {number} status
 * @param {string} body
 * @param {string | null} requestId
 */
export function problemFrom(status, body, requestId) {
  /** @type {Partial<import("./client.js").Schemas["Problem"]>} */
  let parsed = {};
  try {
    parsed = JSON.parse(body);
  } catch {
    // Not JSON, for example a proxy's HTML page: only the status is useful.
  }
  return new Problem({
    title: parsed.title ?? `The server answered with status ${status}.`,
    detail: parsed.detail ?? parsed.message ?? null,
    code: parsed.code,
    status,
    reference: parsed.correlationId ?? requestId,
  });
}
