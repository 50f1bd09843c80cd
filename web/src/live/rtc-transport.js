/**
 * Transport of frames by WebRTC data channel, with HTTP requests as fallback (C-01).
 *
 * A data channel needs UDP, which some networks and servers do not offer. Nothing ever waits for it: it
 * is opened while requests are sent, and a chunk that it did not answer is sent by request under the
 * same sequence number, which the server counts once.
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

/** Backoff between attempts to open a channel; each attempt costs the server a peer for half a minute. */
const PAUSES = { firstMs: 5000, longestMs: 300_000 };

/** Sends chunks to a channel `frames` or to `POST /v1/workouts/streaming`. @implements {Transport} */
export class RtcTransport {
  #usual;
  #newChannel;
  #now;
  /** @type {Line | null} */
  #line = null;
  /** Number of consecutive channels without any answer. */
  #failures = 0;
  #nextMs = -Infinity;

  /** @param {{fetch?: Fetch, usual?: Transport, newChannel?: () => Line, now?: () => number}} [parts] */
  constructor({ fetch = authorized, usual = new HttpTransport(fetch), newChannel = () => new DataChannel(fetch), now = () => performance.now() } = {}) {
    this.#usual = usual;
    this.#newChannel = newChannel;
    this.#now = now;
  }

  /** Send a chunk; one at a time. @param {Uint8Array} bytes */
  async send(bytes) {
    const line = this.#nextChannel();
    if (!line?.takes(bytes.length)) return this.#usual.send(bytes);
    try {
      const answer = await line.ask(bytes);
      this.#failures = 0;
      return answer;
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 0) throw problem; // the server has answered
      this.#end(line);
      return this.#usual.send(bytes);
    }
  }

  /** Close the channel; the next chunk opens another one. */
  close() {
    this.#line?.close();
    this.#line = null;
    this.#usual.close();
  }

  /** The open channel. If there is none, start to open one when the backoff is over. */
  #nextChannel() {
    if (this.#line?.isOver) this.#end(this.#line); // the server closes idle channels
    if (!this.#line && this.#now() >= this.#nextMs) {
      const line = (this.#line = this.#newChannel());
      line.open().catch(() => this.#end(line)); // requests are used meanwhile
    }
    return this.#line;
  }

  /** Give up a channel; another one is tried later. @param {Line} line */
  #end(line) {
    if (this.#line !== line) return; // closed on purpose
    this.#line = null;
    line.close();
    this.#failures += 1;
    this.#nextMs = this.#now() + pauseMs(this.#failures, Math.random, PAUSES);
  }
}
