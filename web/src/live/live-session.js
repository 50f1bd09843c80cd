/**
 * A session while it is trained: frames and commands go to the server, whatever the network does.
 *
 * Everything is kept by the browser first and sent then, in order. What the page has to do is push
 * frames; where the server cannot be reached, the page goes on by what the device counts.
 *
 * Events, each with its `detail`: `answer` (what the server says), `asked` ({path, answer} of what
 * was asked for by `ask`), `buffer` ({seconds, chunks} that wait), `mode` ("live", "degraded",
 * "device", "offline"), `problem` (a `Problem`), `refused` ({path, problem} of what was asked for).
 * @module
 */

import { Problem } from "../api/client.js";
import { Chunker } from "./chunker.js";
import { Deliverer } from "./deliverer.js";
import { elsewhere, holdOf } from "./session-lock.js";
import { HttpTransport } from "./http-transport.js";
import { Outbox } from "./outbox.js";
import { newState } from "./queue.js";
import { keepForLong, notKept, notTaken, opened, unknownThere } from "./storage.js";

/** @typedef {import("../motion/body.js").Frame} Frame */
/** @typedef {import("./chunk-codec.js").Sample} Sample */
/** @typedef {import("./deliverer.js").Mode} Mode */
/** @typedef {import("./http-transport.js").Fetch} Fetch */
/** @typedef {import("./http-transport.js").Transport} Transport */
/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {import("./queue.js").SessionState} SessionState */
/**
 * @typedef {object} Doors
 * @property {Fetch} [fetch] By default the page's own, which says who has signed in.
 * @property {() => Promise<boolean>} [refresh] Renew a sign-in that is over; false where somebody has to sign in.
 * @property {Transport} [transport] What chunks go by; HTTP without one.
 * @property {number} [timeOrigin] Milliseconds since 1970 at which `timeMs` of frames is 0; by default as the clock says now.
 * @property {number} [limitBytes] What may wait at most.
 * @property {boolean} [takeOver] Whether a session that another page holds is to go on here.
 */

/** More chunks than this wait only where the way to the server is slow. */
const MOST_WAITING = 1;

/** What makes the landmarks in a browser. */
const MODEL = "blazepose-full";

/** One session, from its beginning to its summary. */
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
  #hold;
  /** What another page is to find when it takes over; null as long as none does. @type {Promise<void> | null} */
  #yielded = null;
  /** @type {PromiseWithResolvers<void>} */
  #begun = Promise.withResolvers();
  /** @type {PromiseWithResolvers<any>} */
  #completed = Promise.withResolvers();

  /** Begun by `begin`, `adopt` and `resume` only. @param {any} queue @param {SessionState} state @param {Doors} doors @param {import("./session-lock.js").Hold} hold */
  constructor(queue, state, doors, hold) {
    super();
    this.#hold = hold;
    hold.asked = () => this.#yield();
    const commands = new HttpTransport(doors.fetch);
    this.#queue = queue;
    this.#state = state;
    // Not performance.timeOrigin: frames are timed by a clock that stands still while a device sleeps. Nor back, where a clock was put right.
    this.#timeOrigin = doors.timeOrigin ?? Math.max(Date.now(), state.startedAt + state.lastMs) - performance.now();
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
      transport: doors.transport ?? commands,
      refresh: doors.refresh ?? (async () => false),
      told: {
        delivered: (entry, answer) => this.#delivered(entry, answer),
        refused: (entry, problem) => this.#refused(entry, problem),
        shortened: (problem) => this.#tell("problem", problem),
        stopped: (problem) => this.#stopped(problem),
        mode: (mode) => this.#changeMode(mode),
        failed: (error) => this.#storageFailed(error),
      },
    });
    this.#begun.promise.catch(() => {}); // nobody may wait for these; what went wrong is told by `problem`
    this.#completed.promise.catch(() => {});
  }

  /**
   * Begin a session. Where the server cannot be reached it begins all the same, and is told later;
   * where the server refuses it, the `Problem` is thrown.
   * @param {Doors & {athleteId: string, exercise: string, model?: string, startedAt?: number}} wish
   * @returns {Promise<LiveSession>}
   */
  static async begin({ athleteId, exercise, model = MODEL, startedAt = Date.now(), ...doors }) {
    const { queue, isKept } = await opened(doors.limitBytes);
    keepForLong();
    const state = newState({ athleteId, exercise, model, startedAt });
    const { sessionId } = state;
    const session = new LiveSession(queue, state, doors, await holdOf(sessionId));
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
    if (!isKept) queueMicrotask(() => session.#tell("problem", notKept()));
    return session;
  }

  /**
   * Take over a session that the server has begun, from where the server says it stands.
   * @param {Doors & {sessionId: string, workoutId: string, athleteId: string, exercise: string, startedAt: number, set: number, isSetOpen: boolean, model?: string}} known
   * @returns {Promise<LiveSession>}
   */
  static async adopt({ sessionId, workoutId, athleteId, exercise, startedAt, set, isSetOpen, model = MODEL, ...doors }) {
    const { queue, isKept } = await opened(doors.limitBytes);
    keepForLong();
    const hold = await holdOf(sessionId, doors.takeOver);
    const state = (await queue.session(sessionId)) ?? { ...newState({ athleteId, exercise, model, startedAt }), sessionId, workoutId };
    if (set > state.set) Object.assign(state, { set, isSetOpen }); // it went on elsewhere; else this browser knows better
    const session = new LiveSession(queue, state, doors, hold);
    await session.#outbox.recount();
    session.#run();
    if (!isKept) queueMicrotask(() => session.#tell("problem", notKept()));
    return session;
  }

  /** Sessions that this browser knows and that are not over: after a reload, or a dead battery. @returns {Promise<SessionState[]>} */
  static async unfinished() { return (await opened()).queue.sessions(); }

  /** Forget a session of which the server takes no more. @param {string} sessionId */
  static async forget(sessionId) { await (await opened()).queue.forget(sessionId); }

  /** Go on with a session that is not over: what waits is sent, and frames may be pushed again. @param {string} sessionId @param {Doors} [doors] */
  static async resume(sessionId, doors = {}) {
    const { queue } = await opened(doors.limitBytes);
    const hold = await holdOf(sessionId, doors.takeOver);
    const state = await queue.session(sessionId);
    if (!state) {
      hold.release();
      throw new Problem({ title: "This browser knows no such session.", code: "session.unknown", status: 404 });
    }
    const session = new LiveSession(queue, state, doors, hold);
    await session.#outbox.recount();
    session.#run();
    return session;
  }

  get id() { return this.#state.sessionId; }
  get set() { return this.#state.set; }
  get exercise() { return this.#state.exercise; }
  get isSetOpen() { return this.#state.isSetOpen; }
  get isPaused() { return this.#isPaused; }

  /** Whether it was told to end: it takes no more frames, though some may wait to be sent. */
  get isCompleting() { return this.#state.isCompleting; }

  /** Whether nothing of it waits any more: it was summed up, or never can be. */
  get isOver() { return this.#isOver; }

  /** Time of the latest frame that is kept, in milliseconds since the session began; -1 before the first one. */
  get keptToMs() { return this.#state.lastMs; }

  /** What waits to be sent. */
  get buffer() { return this.#outbox.buffer; }

  /** What goes next, by its place in the queue; null where nothing waits to be sent. @returns {Promise<number | null>} */
  async waiting() {
    return (await this.#queue.first(this.id))?.id ?? null;
  }

  /** Let chunks go by another door from the next one on; nothing is lost or doubled by it (C-01). @param {Transport} transport */
  set transport(transport) {
    const before = this.#deliverer.transport;
    this.#deliverer.transport = transport;
    before.close();
    this.#deliverer.resume();
  }

  /** Take a frame of the camera. The first ones begin set 1 if nobody did; between sets they count for nothing. @param {Frame} frame */
  push(frame) {
    const { isCompleting, isSetOpen, set } = this.#state;
    if (this.#isPaused || isCompleting || (!isSetOpen && set > 0)) return;
    if (!isSetOpen) Object.assign(this.#state, { set: 1, isSetOpen: true });
    const due = this.#chunker.add({ ...frame, timeMs: this.#sessionMs(frame.timeMs) });
    if (due) this.#outbox.chunk(due, false);
  }

  /** Whether pictures may go with the frames: they are the first to stay behind where the way to the server is slow. */
  get takesPictures() {
    const { isCompleting, isSetOpen } = this.#state;
    return isSetOpen && !isCompleting && !this.#isPaused && this.mode === "live" && this.buffer.chunks <= MOST_WAITING;
  }

  /** Time from one picture to the next: as the server asks, half a second at least (R-LIV-03). */
  get pictureEveryMs() { return this.#chunker.intervalMs; }

  /** Take the picture of a frame that was pushed, or is about to be. @param {number} timeMs The frame's. @param {Uint8Array} image a JPEG */
  picture(timeMs, image) {
    if (this.takesPictures) this.#chunker.picture(this.#sessionMs(timeMs), image);
  }

  /** Take what the device felt; it goes with the next chunk. @param {Sample} sample */
  sense(sample) {
    if (!this.#isPaused && this.#state.isSetOpen) this.#outbox.sense({ ...sample, timeMs: this.#sessionMs(sample.timeMs) });
  }

  /** Begin a set; one that is under way ends. @param {string} exercise @param {{target?: number | null, loadKg?: number | null}} [wish] */
  startSet(exercise, { target = null, loadKg = null } = {}) {
    const number = this.#next(exercise, true);
    const { model } = this.#state;
    this.#outbox.command("set", `/${this.id}/sets`, { set: number, exerciseId: exercise, model, targetRepetitions: target, loadKg });
  }

  /** The set was begun although lights were not green. @param {string[]} checks Their names. @param {number} timeMs As of a frame. */
  override(checks, timeMs) {
    const atMs = Math.max(0, Math.round(this.#sessionMs(timeMs)));
    this.#outbox.command("set", `/${this.id}/overrides`, { set: this.#state.set, checks, atMs });
  }

  /** Begin the next set of a workout: the server knows which it is, and begins none if another device went on. One that a hand counts takes no frames. @param {string} exercise @param {{byCamera: boolean, loadKg: number | null, atMs: number}} how @returns {number} the set's number */
  nextSet(exercise, { byCamera, loadKg, atMs }) {
    const number = this.#next(exercise, byCamera);
    const { model } = this.#state;
    this.ask("next", byCamera ? { set: number, source: "server", model, loadKg, atMs } : { set: number, source: "manual", loadKg, atMs });
    return number;
  }

  /** Go on from where the server says that it stands; nothing may wait. @param {{set: number, isSetOpen: boolean}} known */
  stand({ set, isSetOpen }) {
    if (set !== this.#state.set) Object.assign(this.#state, { set, isSetOpen });
  }

  /** Ask something of the workout, after all that waits; answered by `asked` or `refused`. @param {string} what Behind the workout's id. @param {object} body */
  ask(what, body) {
    this.#outbox.command("ask", `/v1/workouts/${this.id}/${what}`, body);
  }

  /** Send now what was seen up to now, so that what is asked for next is about all of it. @returns {Promise<void>} as soon as it is kept */
  async flush() {
    const frames = this.#chunker.take();
    if (frames.length) await this.#outbox.chunk(frames, false);
  }

  /** End the set that is under way. */
  endSet() {
    if (!this.#state.isSetOpen) return;
    const frames = this.#chunker.take();
    this.#state.isSetOpen = false;
    this.#outbox.chunk(frames, true);
  }

  /** Rest within a set: frames count for nothing until it goes on. */
  pause() {
    void this.flush();
    this.#isPaused = true;
  }

  /** Go on after a rest. */
  resume() {
    this.#isPaused = false;
  }

  /** End the session; gives its summary, as soon as everything before it has got through. Where somebody has to act first it throws the `Problem`, and may be called again. @param {number} [endedAt] milliseconds since 1970, by the clock by which it began; now, but not before its last frame @returns {Promise<any>} */
  complete(endedAt) {
    if (this.#yielded) return Promise.reject(elsewhere());
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

  /** Try again at once: somebody signed in again, or says that the network is back. */
  retry = () => {
    this.#deliverer.resume();
  };

  /** Leave it as it is: what waits stays, and `resume` goes on with it. */
  close() {
    globalThis.removeEventListener?.("online", this.retry);
    this.#deliverer.end();
    this.#deliverer.transport.close();
  }

  /** @param {string} exercise @param {boolean} isOpen whether it takes frames */
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
      this.#hold.release();
    });
  }

  /** Another page goes on with it: what was seen here is kept for it, and no more is taken. */
  #yield() {
    if (this.#yielded || this.#isOver) return;
    this.#yielded = this.flush();
    this.#outbox.close();
    globalThis.removeEventListener?.("online", this.retry);
    this.#deliverer.end();
    this.#completed.reject(elsewhere());
    this.#tell("problem", elsewhere());
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
    this.#tell("problem", notTaken(error));
  }

  /** @param {Entry} entry @param {any} answer */
  #delivered(entry, answer) {
    this.#outbox.done(entry);
    if (entry.kind === "start") this.#begun.resolve();
    if (entry.kind === "chunk") {
      this.#isFull = false; // it has left room for another one
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
      const gone = unknownThere(problem);
      this.#over(() => { this.#tell("problem", gone); this.#completed.reject(gone); });
      return;
    }
    this.#completed.reject(problem);
    this.#completed = Promise.withResolvers();
    this.#completed.promise.catch(() => {});
    this.#tell("problem", problem);
  }

  /** While nothing more can be kept only the device counts, whether or not the server is there. @param {Mode} told */
  #changeMode(told) {
    const mode = this.#isFull && told === "offline" ? "device" : told;
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
