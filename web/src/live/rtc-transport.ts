/**
 * Transport of frames by WebRTC data channel, with HTTP requests as fallback (C-01).
 *
 * A data channel needs UDP, which some networks and servers do not offer. Nothing ever waits for it: it
 * is opened while requests are sent, and a chunk that it did not answer is sent by request under the
 * same sequence number, which the server counts once.
 * @module
 */

import { Problem } from "../api/problem.ts";
import { authorized } from "../api/credentials.ts";
import { pauseMs } from "./backoff.ts";
import { DataChannel } from "./data-channel.ts";
import { HttpTransport, type Fetch, type Transport, type Answer } from "./http-transport.ts";

type Line = {isOver: boolean, open(): Promise<void>, takes(bytes: number): boolean, ask(bytes: Uint8Array): Promise<Answer>, close(): void};

/** Backoff between attempts to open a channel; each attempt costs the server a peer for half a minute. */
const PAUSES = { firstMs: 5000, longestMs: 300_000 };

/** Sends chunks to a channel `frames` or to `POST /v1/workouts/streaming`. */
export class RtcTransport implements Transport {
  #usual;
  #newChannel;
  #now;
  #line: Line | null = null;
  /** Number of consecutive channels without any answer. */
  #failures = 0;
  #nextMs = -Infinity;

  constructor({ fetch = authorized, usual = new HttpTransport(fetch), newChannel = () => new DataChannel(fetch), now = () => performance.now() }: {fetch?: Fetch, usual?: Transport, newChannel?: () => Line, now?: () => number} = {}) {
    this.#usual = usual;
    this.#newChannel = newChannel;
    this.#now = now;
  }

  /** Send a chunk; one at a time. */
  async send(bytes: Uint8Array) {
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

  /** Give up a channel; another one is tried later. */
  #end(line: Line) {
    if (this.#line !== line) return; // closed on purpose
    this.#line = null;
    line.close();
    this.#failures += 1;
    this.#nextMs = this.#now() + pauseMs(this.#failures, Math.random, PAUSES);
  }
}
