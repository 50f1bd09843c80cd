/**
 * Live session: frames and commands of a workout, which reach the server independent of the network.
 * @module
 */

import { Problem } from "../api/problem.ts";
import { Chunker } from "./chunker.ts";
import { newState, type SessionState } from "./queue.ts";
import { SessionDelivery } from "./session-delivery.ts";
import { endOf, isForgotten, LONGEST_MS } from "./session-end.ts";
import { openElsewhereProblem, lockSession, type SessionLock } from "./session-lock.ts";
import { SleepMeter } from "./sleep-meter.ts";
import { requestPersistentStorage, openStorage } from "./storage.ts";
import type { Frame } from "../motion/body.ts";
import type { Sample } from "./chunk-codec.ts";
import type { SessionQueue } from "./memory-queue.ts";

/**
 * `timeOrigin`: Unix time in milliseconds at which `timeMs` of frames is 0, default from the current clock; `limitBytes`: limit of the queue; `takeOver` a session that is open in another page; `isLeft`: whether its page was closed
 */
type Options = import("./session-delivery.ts").Options & {timeOrigin?: number, limitBytes?: number, takeOver?: boolean, isLeft?: boolean};

/** The pose model of the browser. */
const MODEL = "blazepose-full";

/** One session, from its start to its summary. */
export class LiveSession extends SessionDelivery {
  #chunker;
  #timeOrigin;
  #sleep = new SleepMeter();
  #isPaused = false;
  #isLeft;
  /** Time at which this page started a set by hand; null if it did not. */
  #startedByHandMs: number | null = null;

  /** Internal; use `begin`, `adopt` or `resume`. */
  constructor(queue: SessionQueue, state: SessionState, options: Options, lock: SessionLock) {
    super(queue, state, options, lock);
    // Not performance.timeOrigin: frames are timed by a clock that stops while a device sleeps. Never backwards, even if the clock was adjusted.
    this.#timeOrigin = options.timeOrigin ?? Math.max(Date.now(), state.startedAt + state.lastMs) - performance.now();
    this.#isLeft = options.isLeft ?? false;
    this.#chunker = new Chunker(state.lastMs);
    this.addEventListener("answer", (event) => { this.#chunker.intervalMs = (event as CustomEvent).detail.nextIntervalMs; });
  }

  /**
   * Begin a session. If the server is unreachable, the session begins anyway and is sent later;
   * if the server refuses it, the `Problem` is thrown.
   */
  static async begin({ athleteId, exercise, model = MODEL, startedAt = Date.now(), ...options }: Options & {athleteId: string, exercise: string, model?: string, startedAt?: number}): Promise<LiveSession> {
    const state = newState({ athleteId, exercise, model, startedAt }), { sessionId } = state;
    const lock = await lockSession(sessionId);
    const { queue, isKept } = await openStorage(options.limitBytes, state);
    requestPersistentStorage();
    const session = new LiveSession(queue, state, options, lock);
    const body = { sessionId, athleteId, at: new Date(startedAt).toISOString(), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
    await session.outbox.command("start", "", body);
    session.run();
    try {
      await session.begun;
    } catch (problem) {
      session.close();
      await queue.forget(sessionId);
      throw problem;
    }
    if (!isKept) session.warnOfMemory();
    return session;
  }

  /** Adopt a session that the server has started, in the server's state, or start it there by a command once it can be reached. */
  static async adopt({ sessionId, workoutId, athleteId, exercise, startedAt, set, isSetOpen, model = MODEL, start = null, ...options }: Options & {sessionId: string, workoutId: string, athleteId: string, exercise: string, startedAt: number, set: number, isSetOpen: boolean, model?: string, start?: {path: string, body: object} | null}): Promise<LiveSession> {
    requestPersistentStorage();
    const lock = await lockSession(sessionId, options);
    const earlier = await LiveSession.stored(sessionId), state = earlier ?? { ...newState({ athleteId, exercise, model, startedAt }), sessionId, workoutId };
    const { queue, isKept } = await openStorage(options.limitBytes, earlier ? undefined : state);
    if (set > state.set) Object.assign(state, { set, isSetOpen }); // it was continued elsewhere; otherwise this browser is ahead
    const session = new LiveSession(queue, state, options, lock);
    await session.outbox.recount();
    if (start && !earlier?.set) await session.outbox.command("start", start.path, start.body);
    session.run();
    if (!isKept) session.warnOfMemory();
    return session;
  }

  /** Unfinished sessions stored in this browser, for example after a reload or a dead battery. */
  static async unfinished(): Promise<SessionState[]> { return (await openStorage()).queue.sessions(); }

  /** State of a session in this browser, if it has one. */
  static async stored(sessionId: string): Promise<SessionState | undefined> { return (await openStorage()).queue.session(sessionId); }

  /** Delete the local data of a session. */
  static async forget(sessionId: string) { await (await openStorage()).queue.forget(sessionId); }

  /** Resume an unfinished session: pending entries are sent, and frames may be pushed again. */
  static async resume(sessionId: string, options: Options = {}) {
    const { queue } = await openStorage(options.limitBytes);
    const lock = await lockSession(sessionId, options);
    const state = await queue.session(sessionId);
    if (!state) lock.release();
    if (!state) throw new Problem({ title: "This browser has no data of this session.", code: "session.unknown", status: 404 });
    const session = new LiveSession(queue, state, { ...options, isLeft: true }, lock);
    await session.outbox.recount();
    session.run();
    return session;
  }

  get athleteId() { return this.state.athleteId; }
  get exercise() { return this.state.exercise; }
  get isSetOpen() { return this.state.isSetOpen; }

  /** Time of the latest stored frame, in milliseconds since the start of the session; -1 if there is none. */
  get keptToMs() { return this.state.lastMs; }

  /** Add a camera frame. The first frame starts set 1 if none was started; frames between sets are ignored. */
  push(frame: Frame) {
    const { isCompleting, isSetOpen, set } = this.state;
    if (this.#isPaused || isCompleting || (!isSetOpen && set > 0)) return;
    if (!isSetOpen) Object.assign(this.state, { set: 1, isSetOpen: true });
    const due = this.#chunker.add({ ...frame, timeMs: this.timeOf(frame.timeMs) });
    if (due) this.outbox.chunk(due, false);
  }

  /** Whether pictures may be sent; they are the first to be left out on a slow connection. */
  get takesPictures() {
    const { isCompleting, isSetOpen } = this.state;
    return isSetOpen && !isCompleting && !this.#isPaused && this.isCaughtUp;
  }

  /** Interval between pictures as requested by the server, at least half a second (R-LIV-03). */
  get pictureEveryMs() { return this.#chunker.intervalMs; }

  /** Add the picture of a frame that was pushed or will be next. @param timeMs time of the frame @param image a JPEG */
  picture(timeMs: number, image: Uint8Array) {
    if (this.takesPictures) this.#chunker.picture(this.timeOf(timeMs), image);
  }

  /** Add a motion sensor sample; it is sent with the next chunk. */
  sense(sample: Sample) {
    if (!this.#isPaused && this.state.isSetOpen) this.outbox.sense({ ...sample, timeMs: this.timeOf(sample.timeMs) });
  }

  /** Start a set; the current one ends. A set `byHand` takes no frames. */
  startSet(exercise: string, { target = null, loadKg = null, byHand = false }: {target?: number | null, loadKg?: number | null, byHand?: boolean} = {}) {
    const number = this.#next(exercise, !byHand);
    this.state.isByHand = byHand;
    const countedBy = byHand ? { model: "by hand", source: "manual" } : { model: this.state.model };
    if (byHand) this.#handMs();
    this.outbox.command("set", `/${this.id}/sets`, { set: number, exerciseId: exercise, ...countedBy, targetRepetitions: target, loadKg });
    this.#startedByHandMs = byHand ? this.state.lastMs : null;
  }

  /** Count one repetition of a set by hand. */
  tap() {
    this.ask("repetitions", { set: this.state.set, repetitions: 1, atMs: this.#handMs() });
  }

  /** End a set by hand. It ended now, or, if another page started it or it was forgotten, with its last repetition. @param heldMs length of a hold, which is unknown of a forgotten one */
  #endByHand(heldMs: number) {
    const { set, lastMs } = this.state;
    const isOurs = this.#startedByHandMs !== null, isOver = isForgotten(lastMs, this.timeOf(performance.now()));
    const endMs = isOurs && !isOver ? this.#handMs() : Math.max(lastMs, 0);
    this.state.isByHand = false;
    if (heldMs > 0 && !isOver) this.ask("duration", { set, durationMs: Math.round(heldMs), atMs: endMs });
    this.ask("finish", { set, endMs, ...(isOurs && { startMs: this.#startedByHandMs }) });
  }

  /** Time of an action by hand, in milliseconds since the start of the session. */
  #handMs() {
    this.state.lastMs = Math.max(Math.min(Math.round(this.timeOf(performance.now())), LONGEST_MS), Math.ceil(this.state.lastMs), 0);
    return this.state.lastMs;
  }

  /** Report that a set was started although checks were not green. @param checks names of the checks @param timeMs on the clock of the frames */
  override(checks: string[], timeMs: number) {
    const atMs = Math.max(0, Math.round(this.timeOf(timeMs)));
    this.outbox.command("set", `/${this.id}/overrides`, { set: this.state.set, checks, atMs });
  }

  /** Start the next set of a guided workout. The server knows which one it is and refuses if another device continued. Manual sets take no frames. @returns number of the set */
  nextSet(exercise: string, { byCamera, loadKg, atMs }: {byCamera: boolean, loadKg: number | null, atMs: number}): number {
    const number = this.#next(exercise, byCamera);
    const set = { set: number, exerciseId: exercise, loadKg, atMs }; // a plan that was revised before a start without a connection has others
    this.ask("next", byCamera ? { ...set, source: "server", model: this.state.model } : { ...set, source: "manual" });
    return number;
  }

  /** Continue in the server's state; nothing may be waiting. */
  stand({ set, isSetOpen }: {set: number, isSetOpen: boolean}) {
    if (set !== this.state.set) Object.assign(this.state, { set, isSetOpen });
  }

  /** Send a request about the guided workout after everything that is waiting; the result is an `asked` or `refused` event. @param what path below the workout */
  ask(what: string, body: object) {
    this.outbox.command("ask", `/v1/workouts/${this.id}/${what}`, body);
  }

  /** Send all collected frames now, so that the next request covers them. @returns resolves when they are stored */
  async flush(): Promise<void> {
    const frames = this.#chunker.take();
    if (frames.length) await this.outbox.chunk(frames, false);
  }

  /** End the current set. @param heldMs length of a hold that was timed by hand */
  endSet(heldMs = 0) {
    if (this.state.isByHand) this.#endByHand(heldMs);
    if (!this.state.isSetOpen) return;
    const frames = this.#chunker.take();
    this.state.isSetOpen = false;
    this.outbox.chunk(frames, true);
  }

  /** Pause within a set: frames are ignored until `resume`. */
  pause() { void this.flush(); this.#isPaused = true; }

  /** Resume after a pause. */
  resume() {
    this.#isPaused = false;
    this.#wake();
    if (this.state.isByHand) this.#handMs();
  }

  /** Complete the session and return its summary once everything before it is delivered. Throws the `Problem` if the user has to act first, and may be called again. @param endedAt Unix time in milliseconds, on the clock of `startedAt`; default as `endOf` says */
  complete(endedAt?: number): Promise<object> {
    if (this.isYielded) return Promise.reject(openElsewhereProblem());
    this.retry();
    if (!this.state.isCompleting) {
      this.endSet();
      this.state.isCompleting = true;
      const { frames, framesWithPose, workoutId } = this.state;
      const path = workoutId ? `/v1/workouts/${this.id}/complete` : `/${this.id}:complete`;
      this.outbox.command("complete", path, { at: new Date(endedAt ?? endOf(this.state, this.#isLeft)).toISOString(), frames, framesWithPose });
    }
    return this.completed;
  }

  /** @param isOpen whether the set takes frames */
  #next(exercise: string, isOpen: boolean) {
    this.endSet();
    this.#wake();
    const number = this.state.set + 1;
    Object.assign(this.state, { set: number, isSetOpen: isOpen, exercise });
    this.#isPaused = false;
    return number;
  }

  /** Time since the start of the session. @param timeMs on the clock of the frames */
  timeOf(timeMs: number) { return this.#timeOrigin + timeMs - this.state.startedAt; }

  #wake() { this.#timeOrigin += this.#sleep.takeMs(LONGEST_MS - this.timeOf(performance.now())); }
}
