/**
 * Transport of frames by a WebSocket or WebRTC data channel, with HTTP requests as fallback (C-01).
 *
 * Some networks and servers offer neither. Nothing ever waits for a channel: it is opened while requests
 * are sent, and a chunk that it did not answer is sent by request under the same sequence number, which
 * the server counts once.
 * @module
 */

import { Problem } from "../api/problem.ts";
import { pauseMs } from "./backoff.ts";
import { HttpTransport, type Transport } from "./http-transport.ts";
import { HOPELESS, isOfUser } from "./refusals.ts";
import type { Channel } from "./channel.ts";

type NewChannel = () => Pick<Channel, "isOver" | "open" | "takes" | "ask" | "close">;

/** Backoff between attempts to open a channel; each attempt at WebRTC costs the server a peer for half a minute. */
const PAUSES = { firstMs: 5000, longestMs: 300_000 };

/** Whether a refusal may be of another user, who was signed in in this browser when the channel was opened. Requests name the user of the page. */
const mayBeOfAnotherUser = (problem: Problem) => isOfUser(problem) || HOPELESS.has(problem.code);

/** Sends chunks to a channel while one is open, otherwise to `POST /v1/workouts/streaming`. */
export class ChannelTransport implements Transport {
  #requests;
  #newChannel;
  #now;
  #channel: ReturnType<NewChannel> | null = null;
  /** Number of consecutive channels without any answer. */
  #failures = 0;
  #nextMs = -Infinity;

  constructor(newChannel: NewChannel, { requests = new HttpTransport(), now = () => performance.now() }: {requests?: Transport, now?: () => number} = {}) {
    this.#requests = requests;
    this.#newChannel = newChannel;
    this.#now = now;
  }

  /** Send a chunk; one at a time. */
  async send(bytes: Uint8Array) {
    const channel = this.#nextChannel();
    if (!channel?.takes(bytes.length)) return this.#requests.send(bytes);
    try {
      const answer = await channel.ask(bytes);
      this.#failures = 0;
      return answer;
    } catch (problem) {
      if (!(problem instanceof Problem) || (problem.status !== 0 && !mayBeOfAnotherUser(problem))) throw problem; // the server has answered
      this.#end(channel);
      return this.#requests.send(bytes);
    }
  }

  /** Close the channel; the next chunk opens another one. */
  close() {
    this.#channel?.close();
    this.#channel = null;
    this.#requests.close();
  }

  /** The channel, which may still be opening. If there is none, start to open one when the backoff is over and the device is online. */
  #nextChannel() {
    if (this.#channel?.isOver) this.#end(this.#channel); // the server closes idle channels
    if (!this.#channel && globalThis.navigator?.onLine !== false && this.#now() >= this.#nextMs) {
      const channel = (this.#channel = this.#newChannel());
      channel.open().catch(() => this.#end(channel)); // requests are used meanwhile
    }
    return this.#channel;
  }

  /** Give up a channel; another one is tried later. */
  #end(channel: ReturnType<NewChannel>) {
    if (this.#channel !== channel) return; // closed on purpose
    this.#channel = null;
    channel.close();
    this.#failures += 1;
    this.#nextMs = this.#now() + pauseMs(this.#failures, Math.random, PAUSES);
  }
}
