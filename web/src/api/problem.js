/**
 * Errors of the API (RFC 9457 Problem Details).
 * @module
 */

/** @typedef {{title: string, detail: string | null}} Texts */

/** Returns the texts of a problem in the language of the page; workers have no other than these. @type {(code: string, texts: Texts) => Texts} */
let translate = (_, texts) => texts;

/** Let problems have the texts that a function returns for their codes. @param {typeof translate} translator */
export function translateProblems(translator) {
  translate = translator;
}

/** A request that the server refused, or that did not reach it (status 0). */
export class Problem extends Error {
  /** @param {{title: string, detail?: string | null, code?: string, status?: number, reference?: string | null}} facts */
  constructor({ title, detail = null, code = "unknown", status = 0, reference = null }) {
    const texts = translate(code, { title, detail });
    super(texts.detail ?? texts.title);
    this.title = texts.title;
    this.detail = texts.detail;
    this.code = code;
    this.status = status;
    this.reference = reference;
  }

  /** Whether the same request may have been carried out, or may succeed later. */
  get isTemporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
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
