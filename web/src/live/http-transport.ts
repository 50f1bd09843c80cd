/**
 * HTTP transport of frames and commands. A refusal is a `Problem`; an unreachable server has status 0.
 *
 * A transport has `send(bytes)`, which returns the answer to a chunk or throws a `Problem` (with
 * `expectedSequence` if the response has one), and `close()`.
 * @module
 */

import { ANOTHER_USER, Problem, problemFrom, unreachable } from "../api/problem.ts";
import type { Schemas } from "../api/client.ts";
import { authorized } from "../api/credentials.ts";
import { MEDIA_TYPE } from "./chunk-codec.ts";

/** of the server to a chunk */
export type Answer = Schemas["StreamAnswer"];
export type Fetch = (path: string, options: RequestInit) => Promise<Response>;
export type Transport = {send(bytes: Uint8Array): Promise<Answer>, close(): void};

/** Timeout of a request: the server's deadline plus a margin. */
const TIMEOUT_MS = 10_000;

/** Sends chunks to `POST /v1/workouts/streaming`. */
export class HttpTransport implements Transport {
  #fetch;

  /** @param fetch sends the access token */
  constructor(fetch: Fetch = authorized) {
    this.#fetch = fetch;
  }

  /** Send a chunk. */
  send(bytes: Uint8Array) {
    return this.#post("/v1/workouts/streaming", { "Content-Type": MEDIA_TYPE }, bytes as Uint8Array<ArrayBuffer>);
  }

  /** Send a command; the idempotency key makes it safe to repeat. */
  command(path: string, body: object, key: string) {
    return this.#post(path, { "Content-Type": "application/json", "Idempotency-Key": key }, JSON.stringify(body));
  }

  /** Nothing to close: requests keep no connection. */
  close() {}

  async #post(path: string, headers: Record<string, string>, body: BodyInit) {
    let response;
    let text;
    try {
      response = await this.#fetch(path, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      text = await response.text();
    } catch (error) {
      if (error instanceof Problem && error.code === ANOTHER_USER) throw error;
      throw unreachable(); // network, proxy or timeout: the caller handles all alike
    }
    if (!response.ok) throw refused(response.status, text, response.headers.get("Request-ID"));
    try {
      return JSON.parse(text);
    } catch {
      throw new Problem({ title: "The server's answer could not be read.", code: "answer.unreadable", status: 502 });
    }
  }
}

/** Create the problem of a refusal, with the expected sequence number if it has one. */
export function refused(status: number, text: string, requestId: string | null) {
  const problem = problemFrom(status, text, requestId);
  try {
    const { expectedSequence } = JSON.parse(text);
    if (Number.isInteger(expectedSequence)) return Object.assign(problem, { expectedSequence });
  } catch {
    // not JSON, for example a proxy's page: the status is enough
  }
  return problem;
}
