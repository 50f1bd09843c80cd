/**
 * Delivers the queued entries of a session in order, one at a time, until the server has stored them (R-LIV-10).
 *
 * It implements the client protocol of `docs/how-to/stream.md`.
 * @module
 */

import { Problem, unreachable } from "../api/problem.js";
import { pauseMs } from "./backoff.js";
import { numbered, onlyTheEnd, withoutPictures } from "./chunk-codec.js";

/** @typedef {import("./http-transport.js").Transport} Transport */
/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {import("./queue.js").SessionState} SessionState */
/** @typedef {Problem & {expectedSequence?: number}} Refusal */
/** @typedef {"live" | "degraded" | "device" | "offline"} Mode */
/**
 * @typedef {object} Callbacks callbacks of a deliverer
 * @property {(entry: Entry, answer: any) => void} delivered
 * @property {(entry: Entry, problem: Problem) => void} refused the server will never accept this entry
 * @property {(problem: Problem) => void} shortened the server refused the last frames of a set; the end of the set is sent without them
 * @property {(problem: Problem) => void} stopped delivery stopped until the user acts
 * @property {(mode: Mode) => void} mode
 * @property {(error: unknown) => void} failed the browser's storage failed; the operation is retried
 * @property {() => void} [sent] nothing is waiting any more
 */

const UNAUTHORIZED = 401;
const SERVER_ERROR = 500;
const TOO_MANY = 429;

/** Chunks of the session are missing; the problem names the first one. */
const GAP = "live.sequence_gap";

/** The server is behind, is writing the same stream, or its clock is; the same request succeeds later. */
const NOT_YET = new Set(["session.set_underway", GAP, "stream.contended", "live.time_in_future"]);

/** The request has already taken effect. */
const DONE = new Set(["session.already_started"]);

/** Later entries of the session would be refused, too. */
const HOPELESS = new Set(["session.unknown", "auth.tenant_mismatch"]);

/** Delivers the entries of one session while it runs. */
export class Deliverer {
  /** Transport of the chunks; it may be replaced at any time. @type {Transport} */
  transport;
  #queue;
  #state;
  #commands;
  #refresh;
  #callbacks;
  #random;
  /** Whether a refused entry stays in the queue, for a page that shows the refusal. */
  #keepsRefused;
  #isEnded = false;
  #isStopped = false;
  #isRefreshed = false;
  #attempts = 0;
  /** @type {() => void} */
  #wake = () => {};
  #isPoked = false;
  /** The entry of which only the end of the set is sent. @type {number | undefined} */
  #shortened;

  /**
   * @param {{queue: any, state: SessionState, transport: Transport, commands: {command(path: string, body: object, key: string): Promise<any>}, refresh: () => Promise<boolean>, callbacks: Callbacks, random?: () => number, keepsRefused?: boolean}} parts
   */
  constructor({ queue, state, transport, commands, refresh, callbacks, random = Math.random, keepsRefused = false }) {
    this.#queue = queue;
    this.#state = state;
    this.transport = transport;
    this.#commands = commands;
    this.#refresh = refresh;
    this.#callbacks = callbacks;
    this.#random = random;
    this.#keepsRefused = keepsRefused;
  }

  /** Deliver until `end` is called. */
  async run() {
    while (!this.#isEnded) {
      /** @type {Entry | undefined} */
      const entry = this.#isStopped ? undefined : await this.#insist(() => this.#queue.first(this.#state.sessionId));
      if (!entry && !this.#isStopped) this.#callbacks.sent?.();
      if (!entry) await this.#sleep(null);
      else await this.#deliver(entry);
    }
  }

  /** Continue: a new entry is queued, or a retry may succeed now. */
  poke() {
    this.#isPoked = true;
    this.#wake();
  }

  /** Continue after a stop: the user signed in, or the server is back. */
  resume() {
    this.#isStopped = false;
    this.#attempts = 0;
    this.poke();
  }

  /** End after the current entry. */
  end() {
    this.#isEnded = true;
    this.poke();
  }

  /** @param {Entry} entry */
  async #deliver(entry) {
    try {
      const number = this.#state.acknowledged + 1;
      const answer = await this.#send(entry);
      this.#isRefreshed = false;
      if (entry.kind === "chunk" && !this.#acknowledge(answer.seqAck)) {
        this.#callbacks.mode("degraded");
        await this.#wait();
        return;
      }
      if (entry.kind === "chunk" && answer.seqAck > number) return; // another browser's chunk has that number; send this one again
      this.#callbacks.mode(answer.mode === "degraded" ? "degraded" : "live");
      await this.#forget(entry);
      this.#callbacks.delivered(entry, answer);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      await this.#refused(entry, problem);
    }
  }

  /** @param {Entry} entry @returns {Promise<any>} */
  #send(entry) {
    if (entry.kind === "chunk") {
      const all = /** @type {Uint8Array} */ (entry.bytes);
      const bytes = entry.id === this.#shortened ? onlyTheEnd(all) ?? all : all;
      const sent = this.#attempts > 0 ? withoutPictures(bytes) : bytes; // repeated chunks have to be small
      return this.transport.send(numbered(sent, this.#state.acknowledged + 1));
    }
    const { path, body, key } = /** @type {Required<Entry>} */ (entry);
    return this.#commands.command(path, body, key);
  }

  /** Whether the server has stored the chunk that was sent. @param {number} acknowledged */
  #acknowledge(acknowledged) {
    if (acknowledged <= this.#state.acknowledged) return false;
    this.#state.acknowledged = acknowledged;
    return true;
  }

  /** @param {Entry} entry */
  async #forget(entry) {
    this.#attempts = 0;
    await this.#insist(() => this.#queue.remove(this.#state, entry));
  }

  /** Run a storage operation, and retry it until it succeeds: an entry that is not removed would be sent again under another number. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  async #insist(work) {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (this.#isEnded) throw error;
        this.#callbacks.failed(error);
        await this.#wait();
      }
    }
  }

  /** @param {Entry} entry @param {Refusal} problem */
  async #refused(entry, problem) {
    const { status, code, expectedSequence } = problem;
    if (status === UNAUTHORIZED) {
      await this.#askWhoItIs(problem);
    } else if (code === GAP && this.#acknowledge((expectedSequence ?? 0) - 1)) {
      return; // another browser has sent chunks of this session; send the same one after those
    } else if (status === 0 || status >= SERVER_ERROR || status === TOO_MANY || NOT_YET.has(code)) {
      await this.#tryLater(problem);
    } else if (HOPELESS.has(code) || ((entry.kind === "start" || this.#keepsRefused) && !DONE.has(code))) {
      this.#stop(problem);
    } else {
      if (entry.kind === "chunk" && expectedSequence) this.#acknowledge(expectedSequence - 1);
      if (this.#shortens(entry)) {
        this.#callbacks.shortened(problem);
        return;
      }
      await this.#forget(entry);
      if (DONE.has(code)) this.#callbacks.delivered(entry, {});
      else this.#callbacks.refused(entry, problem);
    }
  }

  /** Whether the end of the set still has to be sent without its refused last frames. @param {Entry} entry */
  #shortens({ id, kind, last, bytes }) {
    if (kind !== "chunk" || !last || id === this.#shortened || !bytes || !onlyTheEnd(bytes)) return false;
    this.#shortened = id;
    return true;
  }

  /** Renew an expired sign-in once; if that fails, the user has to sign in. @param {Problem} problem */
  async #askWhoItIs(problem) {
    try {
      if (!this.#isRefreshed && (await this.#refresh())) this.#isRefreshed = true;
      else this.#stop(problem);
    } catch (error) {
      await this.#tryLater(error instanceof Problem ? error : unreachable()); // the renewal could not be attempted
    }
  }

  /** @param {Problem} problem */
  async #tryLater({ status, code }) {
    this.#callbacks.mode(status === 0 ? "offline" : NOT_YET.has(code) ? "degraded" : "device");
    await this.#wait();
  }

  /** @param {Problem} problem */
  #stop(problem) {
    this.#isRefreshed = false;
    this.#isStopped = true;
    this.#callbacks.stopped(problem);
    this.#callbacks.mode("device");
  }

  async #wait() {
    this.#attempts += 1;
    const until = performance.now() + pauseMs(this.#attempts, this.#random);
    // New frames are no reason to retry earlier.
    for (let left = until - performance.now(); left > 0 && !this.#isEnded && this.#attempts; left = until - performance.now()) {
      await this.#sleep(left);
    }
  }

  /** Wait for a wake-up or a time. @param {number | null} forMs */
  async #sleep(forMs) {
    if (!this.#isPoked) {
      await new Promise((resolve) => {
        const timer = forMs === null ? undefined : setTimeout(resolve, forMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve(undefined);
        };
      });
    }
    this.#isPoked = false;
  }
}
