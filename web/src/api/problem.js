/**
 * What the server refused, as one kind of error.
 * @module
 */

/** What the server refused, or that it could not be reached. */
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
  return new Problem({ title: "Kinelog cannot be reached.", detail: "The connection was lost or the server is not running.", code: "unreachable" });
}

/**
 * Read a problem+json body (RFC 9457); any other body becomes a problem with the status alone.
 * @param {number} status
 * @param {string} body
 * @param {string | null} requestId
 */
export function problemFrom(status, body, requestId) {
  let told = {};
  try {
    told = JSON.parse(body);
  } catch {
    // A proxy's HTML page says nothing a reader could use; the status does.
  }
  return new Problem({
    title: told.title ?? `The server answered with status ${status}.`,
    detail: told.detail ?? told.message ?? null,
    code: told.code,
    status,
    reference: told.correlationId ?? requestId,
  });
}
