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

import { pageUser } from "../stores/account.ts";
import { requestSync } from "../offline/background-sync.ts";
import { Deliverer, type Mode } from "./deliverer.ts";
import { HttpTransport, type Fetch, type Transport, type Answer } from "./http-transport.ts";
import { Outbox } from "./outbox.ts";
import { openElsewhereProblem, type SessionLock } from "./session-lock.ts";
import { notDurableProblem, storageProblem, unknownSessionProblem } from "./storage.ts";
import type { Problem } from "../api/client.ts";
import type { Entry, SessionState } from "./queue.ts";
import type { SessionQueue } from "./memory-queue.ts";

/** More waiting chunks mean that the connection is slow. */
const MOST_WAITING = 1;

export interface Options {
  /** default: `fetch` with the access token */
  fetch?: Fetch;
  /** renews an expired sign-in; false if the user has to sign in */
  refresh?: () => Promise<boolean>;
  /** transport of the chunks; default HTTP */
  transport?: Transport;
  /** whether only what is waiting is sent, until a page opens the session */
  isBackground?: boolean;
}

/** Base of a live session: its queue, its connection, and its end. */
export class SessionDelivery extends EventTarget {
  mode: Mode = "live";
  /** What the browser stores of the session; for subclasses. */
  state;
  /** Entries to send; for subclasses. */
  outbox;
  #queue;
  #deliverer;
  #lock;
  #isFull = false;
  #isOver = false;
  /** Resolves when this page has stored its frames for the page that took over; null if none did. */
  #yielded: Promise<void> | null = null;
  #begun: PromiseWithResolvers<void> = Promise.withResolvers();
  #completed: PromiseWithResolvers<object> = Promise.withResolvers();

  constructor(queue: SessionQueue, state: SessionState, options: Options, lock: SessionLock) {
    super();
    this.#lock = lock;
    lock.onRequest = () => this.#yield();
    const commands = new HttpTransport(options.fetch);
    this.#queue = queue;
    this.state = state;
    this.outbox = new Outbox(queue, state, {
      kept: () => this.#deliverer.poke(),
      changed: () => this.emit("buffer", this.buffer),
      failed: (error, entry) => this.#storageFailed(error, entry),
    });
    this.#deliverer = new Deliverer({
      queue,
      state,
      commands,
      transport: options.transport ?? commands,
      refresh: options.refresh ?? (async () => false),
      signedIn: pageUser,
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

  /** Whether the server has counted all but the latest frames. */
  get isCaughtUp() { return this.mode === "live" && this.buffer.chunks <= MOST_WAITING; }

  /** Resolves with the summary when the session is completed. */
  get completed() { return this.#completed.promise; }

  /** Amount of data waiting to be sent. */
  get buffer() { return this.outbox.buffer; }

  /** Position in the queue of the next entry; null if nothing is waiting. */
  async waiting(): Promise<number | null> {
    return (await this.#queue.first(this.id))?.id ?? null;
  }

  /** Number of requests of the guided workout that are waiting. */
  async waitingAsks(): Promise<number> {
    return (await this.#queue.count(this.id)).asks;
  }

  /** Store the state with which a page continues while the server is unreachable. */
  keepProgress(progress: unknown) {
    this.state.progress = progress;
    this.outbox.touch();
  }

  /** Replace the transport of the chunks; nothing is lost or sent twice (C-01). */
  set transport(transport: Transport) {
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
    this.outbox.storeAgain().catch(() => {}); // the failure was reported
    this.#deliverer.resume();
  };

  /** Close without completing; pending data stays stored, and `resume` continues. */
  close() {
    globalThis.removeEventListener?.("online", this.retry);
    this.#deliverer.end();
    this.#deliverer.transport.close();
    if (this.buffer.entries > 0) void requestSync();
  }

  /** Store what is not stored yet. */
  async flush(): Promise<void> {}

  /** Dispatch an event. */
  emit(name: string, detail: unknown) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Tell the page, once it listens, that the session is only in memory. */
  warnOfMemory() { setTimeout(() => this.emit("problem", notDurableProblem())); }

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

  /** @param entry what could not be stored */
  #storageFailed(error: unknown, entry?: Entry) {
    const isEnd = entry?.kind === "complete";
    if (this.#isFull && !isEnd) return;
    this.#isFull = true;
    this.#changeMode("device");
    const problem = storageProblem(error);
    this.emit("problem", problem);
    if (!isEnd) return;
    this.state.isCompleting = false;
    this.outbox.touch();
    this.#rejectCompleted(problem);
  }

  #delivered(entry: Entry, answer: Answer | object) {
    this.outbox.done(entry);
    if (entry.kind === "start") this.#begun.resolve();
    if (entry.kind === "chunk") {
      this.#isFull = false; // there is room for another one
      this.emit("answer", answer);
    }
    if (entry.kind === "ask") this.emit("asked", { path: entry.path, answer });
    if (entry.kind === "complete") this.#over(() => this.#completed.resolve(answer));
  }

  #refused(entry: Entry, problem: Problem) {
    this.outbox.done(entry);
    this.emit(entry.kind === "ask" ? "refused" : "problem", entry.kind === "ask" ? { path: entry.path, problem } : problem);
    if (entry.kind === "complete") this.#over(() => this.#completed.reject(problem));
  }

  #over(settle: () => void) {
    this.#isOver = true;
    this.outbox.close();
    this.close();
    this.#queue.forget(this.id).then(settle, settle);
  }

  #stopped(problem: Problem) {
    this.#begun.reject(problem);
    if (problem.code === "session.unknown" && this.isCompleting) {
      const gone = unknownSessionProblem(problem);
      this.#over(() => { this.emit("problem", gone); this.#completed.reject(gone); });
      return;
    }
    this.#rejectCompleted(problem);
    this.emit("problem", problem);
  }

  /** The user has to act before the session can be completed; `complete` may be called again. */
  #rejectCompleted(problem: Problem) {
    this.#completed.reject(problem);
    this.#completed = Promise.withResolvers();
    this.#completed.promise.catch(() => {});
  }

  /** While the storage is full only the device counts, whether the server is reachable or not. */
  #changeMode(next: Mode) {
    const mode = this.#isFull && next === "offline" ? "device" : next;
    if (mode === "offline" || mode === "device") this.#begun.resolve();
    if (mode === this.mode) return;
    this.mode = mode;
    if (this.isCutOff) void requestSync();
    this.emit("mode", mode);
  }
}
