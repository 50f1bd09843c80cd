/**
 * Sends what waits of one session, in order, one at a time, until the server keeps it (R-LIV-10).
 *
 * `docs/how-to/stream.md` says what a client has to do; this is where a browser does it.
 * @module
 */

import { Problem, unreachable } from "../api/client.js";
import { pauseMs } from "./backoff.js";
import { numbered, onlyTheEnd, withoutPictures } from "./chunk-codec.js";

/** @typedef {import("./http-transport.js").Transport} Transport */
/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {import("./queue.js").SessionState} SessionState */
/** @typedef {Problem & {expectedSequence?: number}} Refusal */
/** @typedef {"live" | "degraded" | "device" | "offline"} Mode */
/**
 * @typedef {object} Told What a deliverer tells of.
 * @property {(entry: Entry, answer: any) => void} delivered
 * @property {(entry: Entry, problem: Problem) => void} refused The server will never take this.
 * @property {(problem: Problem) => void} shortened The server will not take what was seen last of a set; that the set is over goes without.
 * @property {(problem: Problem) => void} stopped Nothing can be delivered until somebody acts.
 * @property {(mode: Mode) => void} mode
 * @property {(error: unknown) => void} failed The browser's storage did not do what it was asked; it is asked again.
 */

const UNAUTHORIZED = 401;
const SERVER_ERROR = 500;
const TOO_MANY = 429;

/** Chunks of the session are missing, of which the problem names the first. */
const GAP = "live.sequence_gap";

/** The server is behind, or is writing the same just now, or its clock is; the same request succeeds later. */
const NOT_YET = new Set(["session.set_underway", GAP, "stream.contended", "live.time_in_future"]);

/** What was asked for is so already. */
const DONE = new Set(["session.already_started"]);

/** No later entry of the session would be taken either. */
const HOPELESS = new Set(["session.unknown", "auth.tenant_mismatch"]);

/** Delivers one session's entries as long as it runs. */
export class Deliverer {
  /** What chunks go by; another one may take over at any time. @type {Transport} */
  transport;
  #queue;
  #state;
  #commands;
  #refresh;
  #told;
  #random;
  #isEnded = false;
  #isStopped = false;
  #isRefreshed = false;
  #attempts = 0;
  /** @type {() => void} */
  #wake = () => {};
  #isPoked = false;
  /** The entry of which only the end of its set is sent. @type {number | undefined} */
  #shortened;

  /**
   * @param {{queue: any, state: SessionState, transport: Transport, commands: {command(path: string, body: object, key: string): Promise<any>}, refresh: () => Promise<boolean>, told: Told, random?: () => number}} parts
   */
  constructor({ queue, state, transport, commands, refresh, told, random = Math.random }) {
    this.#queue = queue;
    this.#state = state;
    this.transport = transport;
    this.#commands = commands;
    this.#refresh = refresh;
    this.#told = told;
    this.#random = random;
  }

  /** Deliver until told to end. */
  async run() {
    while (!this.#isEnded) {
      const entry = this.#isStopped ? undefined : await this.#insist(() => this.#queue.first(this.#state.sessionId));
      if (!entry) await this.#sleep(null);
      else await this.#deliver(entry);
    }
  }

  /** Something new waits, or it may be worth trying again at once. */
  poke() {
    this.#isPoked = true;
    this.#wake();
  }

  /** Try again what stopped: somebody signed in, or the server was mended. */
  resume() {
    this.#isStopped = false;
    this.#attempts = 0;
    this.poke();
  }

  /** End after what is under way. */
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
        this.#told.mode("degraded");
        await this.#wait();
        return;
      }
      if (entry.kind === "chunk" && answer.seqAck > number) return; // another browser's chunk has that number: it goes again
      this.#told.mode(answer.mode === "degraded" ? "degraded" : "live");
      await this.#forget(entry);
      this.#told.delivered(entry, answer);
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
      const sent = this.#attempts > 0 ? withoutPictures(bytes) : bytes; // what has to be sent again has to be small
      return this.transport.send(numbered(sent, this.#state.acknowledged + 1));
    }
    const { path, body, key } = /** @type {Required<Entry>} */ (entry);
    return this.#commands.command(path, body, key);
  }

  /** Whether the server keeps the chunk that was sent. @param {number} acknowledged */
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

  /** Have the browser's storage do something; what is not removed yet would go again under another number. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  async #insist(work) {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (this.#isEnded) throw error;
        this.#told.failed(error);
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
      return; // another browser has sent chunks of this session: the same goes again, behind those
    } else if (status === 0 || status >= SERVER_ERROR || status === TOO_MANY || NOT_YET.has(code)) {
      await this.#tryLater(problem);
    } else if (HOPELESS.has(code) || (entry.kind === "start" && !DONE.has(code))) {
      this.#stop(problem);
    } else {
      if (entry.kind === "chunk" && expectedSequence) this.#acknowledge(expectedSequence - 1);
      if (this.#shortens(entry)) {
        this.#told.shortened(problem);
        return;
      }
      await this.#forget(entry);
      if (DONE.has(code)) this.#told.delivered(entry, {});
      else this.#told.refused(entry, problem);
    }
  }

  /** A set ends, whatever the server thinks of its last frames; whether that is still to be said. @param {Entry} entry */
  #shortens({ id, kind, last, bytes }) {
    if (kind !== "chunk" || !last || id === this.#shortened || !bytes || !onlyTheEnd(bytes)) return false;
    this.#shortened = id;
    return true;
  }

  /** A sign-in that is over is renewed once; where that fails, somebody has to sign in. @param {Problem} problem */
  async #askWhoItIs(problem) {
    try {
      if (!this.#isRefreshed && (await this.#refresh())) this.#isRefreshed = true;
      else this.#stop(problem);
    } catch (error) {
      await this.#tryLater(error instanceof Problem ? error : unreachable()); // nobody could say who it is
    }
  }

  /** @param {Problem} problem */
  async #tryLater({ status, code }) {
    this.#told.mode(status === 0 ? "offline" : NOT_YET.has(code) ? "degraded" : "device");
    await this.#wait();
  }

  /** @param {Problem} problem */
  #stop(problem) {
    this.#isRefreshed = false;
    this.#isStopped = true;
    this.#told.stopped(problem);
    this.#told.mode("device");
  }

  async #wait() {
    this.#attempts += 1;
    const until = performance.now() + pauseMs(this.#attempts, this.#random);
    // Frames that come in meanwhile are no reason to try sooner.
    for (let left = until - performance.now(); left > 0 && !this.#isEnded && this.#attempts; left = until - performance.now()) {
      await this.#sleep(left);
    }
  }

  /** Until something happens, or for some time. @param {number | null} forMs */
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
