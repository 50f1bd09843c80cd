/**
 * The door for frames and commands over HTTP. A refusal is a `Problem`; nobody there is one with status 0.
 *
 * A transport is anything with `send(bytes)`, which gives the answer to a chunk or throws a `Problem`
 * (with `expectedSequence` where the refusal has one), and `close()`.
 * @module
 */

import { Problem, problemFrom, unreachable } from "../api/problem.js";
import { authorized } from "../api/credentials.js";
import { MEDIA_TYPE } from "./chunk-codec.js";

/** @typedef {(path: string, options: RequestInit) => Promise<Response>} Fetch */
/** @typedef {{send(bytes: Uint8Array): Promise<any>, close(): void}} Transport */

/** For one request: an answer takes at most the platform's deadline and a little more. */
const TIMEOUT_MS = 10_000;

/** Speaks to `POST /v1/workouts/streaming`. @implements {Transport} */
export class HttpTransport {
  #fetch;

  /** @param {Fetch} [fetch] One that says who asks, where people sign in. */
  constructor(fetch = authorized) {
    this.#fetch = fetch;
  }

  /** Send a chunk. @param {Uint8Array} bytes */
  send(bytes) {
    return this.#post("/v1/workouts/streaming", { "Content-Type": MEDIA_TYPE }, bytes);
  }

  /** Ask for something that is done once, however often it is asked for. @param {string} path @param {object} body @param {string} key */
  command(path, body, key) {
    return this.#post(path, { "Content-Type": "application/json", "Idempotency-Key": key }, JSON.stringify(body));
  }

  /** Nothing is open between requests. */
  close() {}

  /** @param {string} path @param {Record<string, string>} headers @param {BodyInit} body */
  async #post(path, headers, body) {
    let response;
    let text;
    try {
      response = await this.#fetch(path, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      text = await response.text();
    } catch {
      throw unreachable(); // the network, a proxy or the time limit: for who waits it is the same
    }
    if (!response.ok) throw refused(response.status, text, response.headers.get("Request-ID"));
    try {
      return JSON.parse(text);
    } catch {
      throw new Problem({ title: "The answer cannot be read.", code: "answer.unreadable", status: 502 });
    }
  }
}

/** A refusal, with the number of the chunk that the server wants, if it says so. @param {number} status @param {string} text @param {string | null} requestId */
export function refused(status, text, requestId) {
  const problem = problemFrom(status, text, requestId);
  try {
    const { expectedSequence } = JSON.parse(text);
    if (Number.isInteger(expectedSequence)) return Object.assign(problem, { expectedSequence });
  } catch {
    // A proxy's page has no number; the status says enough.
  }
  return problem;
}
