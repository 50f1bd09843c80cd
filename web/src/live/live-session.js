/**
 * Live session: sends frames and commands to the server, independent of the network.
 *
 * Everything is stored in the browser first and sent in order afterwards. The page pushes frames;
 * while the server is unreachable, it shows the device's count.
 *
 * Events with `detail`: `answer` (the server's answer to a chunk), `asked` ({path, answer} of a
 * request by `ask`), `buffer` ({seconds, chunks} waiting), `mode` ("live", "degraded",
 * "device", "offline"), `problem` (a `Problem`), `refused` ({path, problem} of a request).
 * @module
 */

import { Problem } from "../api/client.js";
import { Chunker } from "./chunker.js";
import { Deliverer } from "./deliverer.js";
import { openElsewhereProblem, lockSession } from "./session-lock.js";
import { HttpTransport } from "./http-transport.js";
import { Outbox } from "./outbox.js";
import { newState } from "./queue.js";
import { requestPersistentStorage, notDurableProblem, storageProblem, opened, unknownSessionProblem } from "./storage.js";

/** @typedef {import("../motion/body.js").Frame} Frame */
/** @typedef {import("./chunk-codec.js").Sample} Sample */
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
 * @property {number} [timeOrigin] Unix time in milliseconds at which `timeMs` of frames is 0; default from the current clock
 * @property {number} [limitBytes] limit of the queue
 * @property {boolean} [takeOver] take over a session that is open in another page
 */

/** More waiting chunks mean that the connection is slow. */
const MOST_WAITING = 1;

/** The pose model of the browser. */
const MODEL = "blazepose-full";

/** One session, from its start to its summary. */
export class LiveSession extends EventTarget {
  /** @type {Mode} */
  mode = "live";
  #queue;
  /** @type {SessionState} */
  #state;
  #deliverer;
  #chunker;
  #timeOrigin;
  #isPaused = false;
  #isFull = false;
  #isOver = false;
  #outbox;
  #lock;
  /** Resolves when this page has stored its frames for the page that took over; null if none did. @type {Promise<void> | null} */
  #yielded = null;
  /** @type {PromiseWithResolvers<void>} */
  #begun = Promise.withResolvers();
  /** @type {PromiseWithResolvers<any>} */
  #completed = Promise.withResolvers();

  /** Internal; use `begin`, `adopt` or `resume`. @param {any} queue @param {SessionState} state @param {Options} options @param {import("./session-lock.js").SessionLock} lock */
  constructor(queue, state, options, lock) {
    super();
    this.#lock = lock;
    lock.onRequest = () => this.#yield();
    const commands = new HttpTransport(options.fetch);
    this.#queue = queue;
    this.#state = state;
    // Not performance.timeOrigin: frames are timed by a clock that stops while a device sleeps. Never backwards, even if the clock was adjusted.
    this.#timeOrigin = options.timeOrigin ?? Math.max(Date.now(), state.startedAt + state.lastMs) - performance.now();
    this.#chunker = new Chunker(state.lastMs);
    this.#outbox = new Outbox(queue, state, {
      kept: () => this.#deliverer.poke(),
      changed: () => this.#tell("buffer", this.buffer),
      failed: (error) => this.#storageFailed(error),
    });
    this.#deliverer = new Deliverer({
      queue,
      state,
      commands,
      transport: options.transport ?? commands,
      refresh: options.refresh ?? (async () => false),
      callbacks: {
        delivered: (entry, answer) => this.#delivered(entry, answer),
        refused: (entry, problem) => this.#refused(entry, problem),
        shortened: (problem) => this.#tell("problem", problem),
        stopped: (problem) => this.#stopped(problem),
        mode: (mode) => this.#changeMode(mode),
        failed: (error) => this.#storageFailed(error),
      },
    });
    this.#begun.promise.catch(() => {}); // possibly nobody awaits these; errors are reported by `problem`
    this.#completed.promise.catch(() => {});
  }

  /**
   * Begin a session. If the server is unreachable, the session begins anyway and is sent later;
   * if the server refuses it, the `Problem` is thrown.
   * @param {Options & {athleteId: string, exercise: string, model?: string, startedAt?: number}} parameters
   * @returns {Promise<LiveSession>}
   */
  static async begin({ athleteId, exercise, model = MODEL, startedAt = Date.now(), ...options }) {
    const { queue, isKept } = await opened(options.limitBytes);
    requestPersistentStorage();
    const state = newState({ athleteId, exercise, model, startedAt });
    const { sessionId } = state;
    const session = new LiveSession(queue, state, options, await lockSession(sessionId));
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const body = { sessionId, athleteId, at: new Date(startedAt).toISOString(), timeZone };
    await session.#outbox.command("start", "", body);
    session.#run();
    try {
      await session.#begun.promise;
    } catch (problem) {
      session.close();
      await queue.forget(sessionId);
      throw problem;
    }
    if (!isKept) queueMicrotask(() => session.#tell("problem", notDurableProblem()));
    return session;
  }

  /**
   * Adopt a session that the server has started, in the server's state.
   * @param {Options & {sessionId: string, workoutId: string, athleteId: string, exercise: string, startedAt: number, set: number, isSetOpen: boolean, model?: string}} state
   * @returns {Promise<LiveSession>}
   */
  static async adopt({ sessionId, workoutId, athleteId, exercise, startedAt, set, isSetOpen, model = MODEL, ...options }) {
    const { queue, isKept } = await opened(options.limitBytes);
    requestPersistentStorage();
    const lock = await lockSession(sessionId, options.takeOver);
    const state = (await queue.session(sessionId)) ?? { ...newState({ athleteId, exercise, model, startedAt }), sessionId, workoutId };
    if (set > state.set) Object.assign(state, { set, isSetOpen }); // it was continued elsewhere; otherwise this browser is ahead
    const session = new LiveSession(queue, state, options, lock);
    await session.#outbox.recount();
    session.#run();
    if (!isKept) queueMicrotask(() => session.#tell("problem", notDurableProblem()));
    return session;
  }

  /** Unfinished sessions stored in this browser, for example after a reload or a dead battery. @returns {Promise<SessionState[]>} */
  static async unfinished() { return (await opened()).queue.sessions(); }

  /** Delete the local data of a session. @param {string} sessionId */
  static async forget(sessionId) { await (await opened()).queue.forget(sessionId); }

  /** Resume an unfinished session: pending entries are sent, and frames may be pushed again. @param {string} sessionId @param {Options} [options] */
  static async resume(sessionId, options = {}) {
    const { queue } = await opened(options.limitBytes);
    const lock = await lockSession(sessionId, options.takeOver);
    const state = await queue.session(sessionId);
    if (!state) {
      lock.release();
      throw new Problem({ title: "This browser has no data of this session.", code: "session.unknown", status: 404 });
    }
    const session = new LiveSession(queue, state, options, lock);
    await session.#outbox.recount();
    session.#run();
    return session;
  }

  get id() { return this.#state.sessionId; }
  get set() { return this.#state.set; }
  get exercise() { return this.#state.exercise; }
  get isSetOpen() { return this.#state.isSetOpen; }
  get isPaused() { return this.#isPaused; }

  /** Whether `complete` was called: no more frames are accepted, but some may still be waiting. */
  get isCompleting() { return this.#state.isCompleting; }

  /** Whether nothing is waiting any more: the session is completed or never can be. */
  get isOver() { return this.#isOver; }

  /** Time of the latest stored frame, in milliseconds since the start of the session; -1 if there is none. */
  get keptToMs() { return this.#state.lastMs; }

  /** Amount of data waiting to be sent. */
  get buffer() { return this.#outbox.buffer; }

  /** Position in the queue of the next entry; null if nothing is waiting. @returns {Promise<number | null>} */
  async waiting() {
    return (await this.#queue.first(this.id))?.id ?? null;
  }

  /** Replace the transport of the chunks; nothing is lost or sent twice (C-01). @param {Transport} transport */
  set transport(transport) {
    const before = this.#deliverer.transport;
    this.#deliverer.transport = transport;
    before.close();
    this.#deliverer.resume();
  }

  /** Add a camera frame. The first frame starts set 1 if none was started; frames between sets are ignored. @param {Frame} frame */
  push(frame) {
    const { isCompleting, isSetOpen, set } = this.#state;
    if (this.#isPaused || isCompleting || (!isSetOpen && set > 0)) return;
    if (!isSetOpen) Object.assign(this.#state, { set: 1, isSetOpen: true });
    const due = this.#chunker.add({ ...frame, timeMs: this.#sessionMs(frame.timeMs) });
    if (due) this.#outbox.chunk(due, false);
  }

  /** Whether pictures may be sent; they are the first to be left out on a slow connection. */
  get takesPictures() {
    const { isCompleting, isSetOpen } = this.#state;
    return isSetOpen && !isCompleting && !this.#isPaused && this.mode === "live" && this.buffer.chunks <= MOST_WAITING;
  }

  /** Interval between pictures as requested by the server, at least half a second (R-LIV-03). */
  get pictureEveryMs() { return this.#chunker.intervalMs; }

  /** Add the picture of a frame that was pushed or will be next. @param {number} timeMs time of the frame @param {Uint8Array} image a JPEG */
  picture(timeMs, image) {
    if (this.takesPictures) this.#chunker.picture(this.#sessionMs(timeMs), image);
  }

  /** Add a motion sensor sample; it is sent with the next chunk. @param {Sample} sample */
  sense(sample) {
    if (!this.#isPaused && this.#state.isSetOpen) this.#outbox.sense({ ...sample, timeMs: this.#sessionMs(sample.timeMs) });
  }

  /** Start a set; the current one ends. @param {string} exercise @param {{target?: number | null, loadKg?: number | null}} [parameters] */
  startSet(exercise, { target = null, loadKg = null } = {}) {
    const number = this.#next(exercise, true);
    const { model } = this.#state;
    this.#outbox.command("set", `/${this.id}/sets`, { set: number, exerciseId: exercise, model, targetRepetitions: target, loadKg });
  }

  /** Report that a set was started although checks were not green. @param {string[]} checks names of the checks @param {number} timeMs on the clock of the frames */
  override(checks, timeMs) {
    const atMs = Math.max(0, Math.round(this.#sessionMs(timeMs)));
    this.#outbox.command("set", `/${this.id}/overrides`, { set: this.#state.set, checks, atMs });
  }

  /** Start the next set of a guided workout. The server knows which one it is and refuses if another device continued. Manual sets take no frames. @param {string} exercise @param {{byCamera: boolean, loadKg: number | null, atMs: number}} how @returns {number} number of the set */
  nextSet(exercise, { byCamera, loadKg, atMs }) {
    const number = this.#next(exercise, byCamera);
    const { model } = this.#state;
    this.ask("next", byCamera ? { set: number, source: "server", model, loadKg, atMs } : { set: number, source: "manual", loadKg, atMs });
    return number;
  }

  /** Continue in the server's state; nothing may be waiting. @param {{set: number, isSetOpen: boolean}} state */
  stand({ set, isSetOpen }) {
    if (set !== this.#state.set) Object.assign(this.#state, { set, isSetOpen });
  }

  /** Send a request about the guided workout after everything that is waiting; the result is an `asked` or `refused` event. @param {string} what path below the workout @param {object} body */
  ask(what, body) {
    this.#outbox.command("ask", `/v1/workouts/${this.id}/${what}`, body);
  }

  /** Send all collected frames now, so that the next request covers them. @returns {Promise<void>} resolves when they are stored */
  async flush() {
    const frames = this.#chunker.take();
    if (frames.length) await this.#outbox.chunk(frames, false);
  }

  /** End the current set. */
  endSet() {
    if (!this.#state.isSetOpen) return;
    const frames = this.#chunker.take();
    this.#state.isSetOpen = false;
    this.#outbox.chunk(frames, true);
  }

  /** Pause within a set: frames are ignored until `resume`. */
  pause() {
    void this.flush();
    this.#isPaused = true;
  }

  /** Resume after a pause. */
  resume() {
    this.#isPaused = false;
  }

  /** Complete the session and return its summary once everything before it is delivered. Throws the `Problem` if the user has to act first, and may be called again. @param {number} [endedAt] Unix time in milliseconds, on the clock of `startedAt`; default now, but not before the last frame @returns {Promise<any>} */
  complete(endedAt) {
    if (this.#yielded) return Promise.reject(openElsewhereProblem());
    this.retry();
    if (!this.#state.isCompleting) {
      this.endSet();
      this.#state.isCompleting = true;
      const { frames, framesWithPose, workoutId, startedAt, lastMs } = this.#state;
      const path = workoutId ? `/v1/workouts/${this.id}/complete` : `/${this.id}:complete`;
      this.#outbox.command("complete", path, { at: new Date(endedAt ?? Math.max(Date.now(), startedAt + Math.max(lastMs, 0))).toISOString(), frames, framesWithPose });
    }
    return this.#completed.promise;
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
  }

  /** @param {string} exercise @param {boolean} isOpen whether the set takes frames */
  #next(exercise, isOpen) {
    this.endSet();
    const number = this.#state.set + 1;
    Object.assign(this.#state, { set: number, isSetOpen: isOpen, exercise });
    this.#isPaused = false;
    return number;
  }

  #run() {
    globalThis.addEventListener?.("online", this.retry);
    this.#deliverer.run().catch((error) => this.#storageFailed(error)).finally(async () => {
      await this.#yielded;
      this.#deliverer.transport.close();
      this.#lock.release();
    });
  }

  /** Give the session to another page: store the collected frames and accept no more. */
  #yield() {
    if (this.#yielded || this.#isOver) return;
    this.#yielded = this.flush();
    this.#outbox.close();
    globalThis.removeEventListener?.("online", this.retry);
    this.#deliverer.end();
    this.#completed.reject(openElsewhereProblem());
    this.#tell("problem", openElsewhereProblem());
  }

  /** @param {number} timeMs */
  #sessionMs(timeMs) {
    return this.#timeOrigin + timeMs - this.#state.startedAt;
  }

  /** @param {unknown} error */
  #storageFailed(error) {
    if (this.#isFull) return;
    this.#isFull = true;
    this.#changeMode("device");
    this.#tell("problem", storageProblem(error));
  }

  /** @param {Entry} entry @param {any} answer */
  #delivered(entry, answer) {
    this.#outbox.done(entry);
    if (entry.kind === "start") this.#begun.resolve();
    if (entry.kind === "chunk") {
      this.#isFull = false; // there is room for another one
      this.#chunker.intervalMs = answer.nextIntervalMs;
      this.#tell("answer", answer);
    }
    if (entry.kind === "ask") this.#tell("asked", { path: entry.path, answer });
    if (entry.kind === "complete") this.#over(() => this.#completed.resolve(answer));
  }

  /** @param {Entry} entry @param {Problem} problem */
  #refused(entry, problem) {
    this.#outbox.done(entry);
    this.#tell(entry.kind === "ask" ? "refused" : "problem", entry.kind === "ask" ? { path: entry.path, problem } : problem);
    if (entry.kind === "complete") this.#over(() => this.#completed.reject(problem));
  }

  /** @param {() => void} tell */
  #over(tell) {
    this.#isOver = true;
    this.close();
    this.#queue.forget(this.id).then(tell, tell);
  }

  /** @param {Problem} problem */
  #stopped(problem) {
    this.#begun.reject(problem);
    if (problem.code === "session.unknown" && this.isCompleting) {
      const gone = unknownSessionProblem(problem);
      this.#over(() => { this.#tell("problem", gone); this.#completed.reject(gone); });
      return;
    }
    this.#completed.reject(problem);
    this.#completed = Promise.withResolvers();
    this.#completed.promise.catch(() => {});
    this.#tell("problem", problem);
  }

  /** While the storage is full only the device counts, whether the server is reachable or not. @param {Mode} next */
  #changeMode(next) {
    const mode = this.#isFull && next === "offline" ? "device" : next;
    if (mode === "offline" || mode === "device") this.#begun.resolve();
    if (mode === this.mode) return;
    this.mode = mode;
    this.#tell("mode", mode);
  }

  /** @param {string} name @param {unknown} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
