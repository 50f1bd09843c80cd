/**
 * The door for frames by a WebRTC data channel, wherever there is one, and by requests wherever there is none (C-01).
 *
 * A channel needs a way for datagrams, which some networks and servers do not give. So nothing ever
 * waits for it: it is opened while requests are sent, and what it did not answer is sent by request,
 * under the same number, which the server counts once.
 * @module
 */

import { Problem } from "../api/problem.js";
import { authorized } from "../api/credentials.js";
import { pauseMs } from "./backoff.js";
import { DataChannel } from "./data-channel.js";
import { HttpTransport } from "./http-transport.js";

/** @typedef {import("./http-transport.js").Fetch} Fetch */
/** @typedef {import("./http-transport.js").Transport} Transport */
/** @typedef {{isOver: boolean, open(): Promise<void>, takes(bytes: number): boolean, ask(bytes: Uint8Array): Promise<any>, close(): void}} Line */

/** Until the next line is tried, after the first in a row that was no good, and at most: each attempt costs the server a peer for half a minute. */
const PAUSES = { firstMs: 5000, longestMs: 300_000 };

/** Speaks to a channel `frames` and to `POST /v1/workouts/streaming`. @implements {Transport} */
export class RtcTransport {
  #usual;
  #newLine;
  #now;
  /** @type {Line | null} */
  #line = null;
  /** Lines in a row that answered nothing. */
  #failures = 0;
  #nextMs = -Infinity;

  /** @param {{fetch?: Fetch, usual?: Transport, newLine?: () => Line, now?: () => number}} [parts] */
  constructor({ fetch = authorized, usual = new HttpTransport(fetch), newLine = () => new DataChannel(fetch), now = () => performance.now() } = {}) {
    this.#usual = usual;
    this.#newLine = newLine;
    this.#now = now;
  }

  /** Send a chunk; one at a time. @param {Uint8Array} bytes */
  async send(bytes) {
    const line = this.#nextLine();
    if (!line?.takes(bytes.length)) return this.#usual.send(bytes);
    try {
      const answer = await line.ask(bytes);
      this.#failures = 0;
      return answer;
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 0) throw problem; // a refusal is an answer
      this.#end(line);
      return this.#usual.send(bytes);
    }
  }

  /** Close the line; the next chunk opens another one. */
  close() {
    this.#line?.close();
    this.#line = null;
    this.#usual.close();
  }

  /** The line there is; where there is none, another one begins to open if it is time to. */
  #nextLine() {
    if (this.#line?.isOver) this.#end(this.#line); // the server lets go of whoever is silent for long
    if (!this.#line && this.#now() >= this.#nextMs) {
      const line = (this.#line = this.#newLine());
      line.open().catch(() => this.#end(line)); // requests go on meanwhile
    }
    return this.#line;
  }

  /** A line is no good: another one is tried later. @param {Line} line */
  #end(line) {
    if (this.#line !== line) return; // it was closed, and that is all there is to it
    this.#line = null;
    line.close();
    this.#failures += 1;
    this.#nextMs = this.#now() + pauseMs(this.#failures, Math.random, PAUSES);
  }
}
