/**
 * Idempotency key of a form: the same request keeps it, so that a retry is not carried out twice.
 * @module
 */

import { uniqueKey } from "../ui/dom.ts";

/** The server refuses another request under a key that it knows, so a changed request gets a new one. */
export class RetryKey {
  #body = "";
  #key = "";

  /** The key of a request with this body. */
  of(body: object): string {
    const text = JSON.stringify(body);
    if (text !== this.#body) this.#key = uniqueKey();
    this.#body = text;
    return this.#key;
  }

  /** The header for a request with this body. */
  headers(body: object): Record<string, string> {
    return { "Idempotency-Key": this.of(body) };
  }
}
