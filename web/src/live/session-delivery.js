/**
 * Delivery of a session to the server, independent of the network.
 *
 * Everything is stored in the browser first and sent in order afterwards. While the server is
 * unreachable, the page shows the device's count.
 *
 * Events with `detail`: `answer` (the server's answer to a chunk), `asked` ({path, answer} of a
 * request by `ask`), `buffer` ({seconds, chunks, entries} waiting), `mode` ("live", "degraded",
 * "device", "offline"), `problem` (a `Problem`), `refused` ({path, problem} of a request), `sent` (nothing is waiting).
 * @module
 */

import { requestSync } from "../offline/background-sync.js";
import { Deliverer } from "./deliverer.js";
import { HttpTransport } from "./http-transport.js";
import { Outbox } from "./outbox.js";
import { openElsewhereProblem } from "./session-lock.js";
import { storageProblem, unknownSessionProblem } from "./storage.js";

/** @typedef {import("../api/client.js").Problem} Problem */
/** @typedef {import("./deliverer.js").Mode} Mode */
/** @typedef {import("./http-transport.js").Fetch} Fetch */
/** @typedef {import("./http-transport.js").Transport} Transport */
/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {import("./queue.js").SessionState} SessionState */
/**
 * @typedef {object} Options
 * @property {Fetch} [fetch] default: `fetch` with the access token
 * @property {() => Promise<boolean>} [refresh] renews an expired sign-in; false if the user has to sign in
 * @property {Transport} [transport] transport of the chunks; default HTTP
 * @property {boolean} [isBackground] whether only what is waiting is sent, until a page opens the session
 */

/** Base of a live session: its queue, its connection, and its end. */
export class SessionDelivery extends EventTarget {
  /** @type {Mode} */
  mode = "live";
  /** What the browser stores of the session; for subclasses. */
  state;
  /** Entries to send; for subclasses. */
  outbox;
  #queue;
  #deliverer;
  #lock;
  #isFull = false;
  #isOver = false;
  /** Resolves when this page has stored its frames for the page that took over; null if none did. @type {Promise<void> | null} */
  #yielded = null;
  /** @type {PromiseWithResolvers<void>} */
  #begun = Promise.withResolvers();
  /** @type {PromiseWithResolvers<any>} */
  #completed = Promise.withResolvers();

  /** @param {any} queue @param {SessionState} state @param {Options} options @param {import("./session-lock.js").SessionLock} lock */
  constructor(queue, state, options, lock) {
    super();
    this.#lock = lock;
    lock.onRequest = () => this.#yield();
    const commands = new HttpTransport(options.fetch);
    this.#queue = queue;
    this.state = state;
    this.outbox = new Outbox(queue, state, {
      kept: () => this.#deliverer.poke(),
      changed: () => this.emit("buffer", this.buffer),
      failed: (error) => this.#storageFailed(error),
    });
    this.#deliverer = new Deliverer({
      queue,
      state,
      commands,
      transport: options.transport ?? commands,
      refresh: options.refresh ?? (async () => false),
      keepsRefused: options.isBackground,
      callbacks: {
        delivered: (entry, answer) => this.#delivered(entry, answer),
        refused: (entry, problem) => this.#refused(entry, problem),
        shortened: (problem) => this.emit("problem", problem),
        stopped: (problem) => this.#stopped(problem),
        mode: (mode) => this.#changeMode(mode),
        failed: (error) => this.#storageFailed(error),
        sent: () => this.emit("sent", null),
      },
    });
    this.#begun.promise.catch(() => {}); // possibly nobody awaits these; errors are reported by `problem`
    this.#completed.promise.catch(() => {});
  }

  get id() { return this.state.sessionId; }

  /** Whether `complete` was called: no more frames are accepted, but some may still be waiting. */
  get isCompleting() { return this.state.isCompleting; }

  /** Whether nothing is waiting any more: the session is completed or never can be. */
  get isOver() { return this.#isOver; }

  /** Whether another page has taken over. */
  get isYielded() { return this.#yielded !== null; }

  /** Resolves when the session has begun, on the server or without it. */
  get begun() { return this.#begun.promise; }

  /** Whether the server cannot be reached now. */
  get isCutOff() { return this.mode === "offline" || this.mode === "device"; }

  /** Resolves with the summary when the session is completed. */
  get completed() { return this.#completed.promise; }

  /** Amount of data waiting to be sent. */
  get buffer() { return this.outbox.buffer; }

  /** Position in the queue of the next entry; null if nothing is waiting. @returns {Promise<number | null>} */
  async waiting() {
    return (await this.#queue.first(this.id))?.id ?? null;
  }

  /** Number of requests of the guided workout that are waiting. @returns {Promise<number>} */
  async waitingAsks() {
    return (await this.#queue.count(this.id)).asks;
  }

  /** Store the state with which a page continues while the server is unreachable. @param {unknown} progress */
  keepProgress(progress) {
    this.state.progress = progress;
    this.outbox.touch();
  }

  /** Replace the transport of the chunks; nothing is lost or sent twice (C-01). @param {Transport} transport */
  set transport(transport) {
    const before = this.#deliverer.transport;
    this.#deliverer.transport = transport;
    before.close();
    this.#deliverer.resume();
  }

  /** Send what is waiting, until the session is completed or closed. */
  run() {
    globalThis.addEventListener?.("online", this.retry);
    this.#deliverer.run().catch((error) => this.#storageFailed(error)).finally(async () => {
      await this.#yielded;
      this.#deliverer.transport.close();
      this.#lock.release();
    });
  }

  /** Retry now: the user signed in again, or the network is back. */
  retry = () => {
    this.#deliverer.resume();
  };

  /** Close without completing; pending data stays stored, and `resume` continues. */
  close() {
    globalThis.removeEventListener?.("online", this.retry);
    this.#deliverer.end();
    this.#deliverer.transport.close();
    if (this.buffer.entries > 0) void requestSync();
  }

  /** Store what is not stored yet. @returns {Promise<void>} */
  async flush() {}

  /** Dispatch an event. @param {string} name @param {unknown} detail */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Give the session to another page: store the collected frames and accept no more. */
  #yield() {
    if (this.#yielded || this.#isOver) return;
    this.#yielded = this.flush();
    this.outbox.close();
    globalThis.removeEventListener?.("online", this.retry);
    this.#deliverer.end();
    this.#completed.reject(openElsewhereProblem());
    this.emit("problem", openElsewhereProblem());
  }

  /** @param {unknown} error */
  #storageFailed(error) {
    if (this.#isFull) return;
    this.#isFull = true;
    this.#changeMode("device");
    this.emit("problem", storageProblem(error));
  }

  /** @param {Entry} entry @param {any} answer */
  #delivered(entry, answer) {
    this.outbox.done(entry);
    if (entry.kind === "start") this.#begun.resolve();
    if (entry.kind === "chunk") {
      this.#isFull = false; // there is room for another one
      this.emit("answer", answer);
    }
    if (entry.kind === "ask") this.emit("asked", { path: entry.path, answer });
    if (entry.kind === "complete") this.#over(() => this.#completed.resolve(answer));
  }

  /** @param {Entry} entry @param {Problem} problem */
  #refused(entry, problem) {
    this.outbox.done(entry);
    this.emit(entry.kind === "ask" ? "refused" : "problem", entry.kind === "ask" ? { path: entry.path, problem } : problem);
    if (entry.kind === "complete") this.#over(() => this.#completed.reject(problem));
  }

  /** @param {() => void} settle */
  #over(settle) {
    this.#isOver = true;
    this.outbox.close();
    this.close();
    this.#queue.forget(this.id).then(settle, settle);
  }

  /** @param {Problem} problem */
  #stopped(problem) {
    this.#begun.reject(problem);
    if (problem.code === "session.unknown" && this.isCompleting) {
      const gone = unknownSessionProblem(problem);
      this.#over(() => { this.emit("problem", gone); this.#completed.reject(gone); });
      return;
    }
    this.#completed.reject(problem);
    this.#completed = Promise.withResolvers();
    this.#completed.promise.catch(() => {});
    this.emit("problem", problem);
  }

  /** While the storage is full only the device counts, whether the server is reachable or not. @param {Mode} next */
  #changeMode(next) {
    const mode = this.#isFull && next === "offline" ? "device" : next;
    if (mode === "offline" || mode === "device") this.#begun.resolve();
    if (mode === this.mode) return;
    this.mode = mode;
    if (this.isCutOff) void requestSync();
    this.emit("mode", mode);
  }
}
