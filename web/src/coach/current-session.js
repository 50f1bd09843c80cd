/**
 * The session of a training, counted by the camera or manually, with its recording and motion sensors.
 * @module
 */

import * as api from "../api/client.js";
import { createTransport } from "../live/transports.js";
import { LiveSession } from "../live/live-session.js";
import { openMotionSensors } from "../live/motion-sensors.js";
import { Recording } from "../live/recording.js";
import { renew, renewForRecording } from "../api/credentials.js";
import { useSessionStore } from "../stores/session.js";
import { useWorkoutStore } from "../stores/workout.js";
import { ManualSession } from "./manual-session.js";

/** Timeout for ending a recording whose connection is lost; the missing part stays missing. */
const RECORDING_ENDS_MS = 5000;

/** @typedef {{onAnswer: (answer: any) => void, onRefused: (problem: api.Problem) => void, onProblem: (problem: unknown) => void}} Callbacks */

/** Begins, replaces and completes the session. */
export class CurrentSession {
  #store = useWorkoutStore;
  /** @type {LiveSession | ManualSession | null} */
  #session = null;
  /** Start of the session on the clock of `performance.now()`. */
  #beganMs = 0;
  /** @type {Recording | null} */
  #recording = null;
  /** @type {{stop(): void} | null} */
  #sensors = null;
  #callbacks;

  /** @param {Callbacks} callbacks */
  constructor(callbacks) {
    this.#callbacks = callbacks;
  }

  /** The session; null before the first set. */
  get session() { return this.#session; }

  /** The session, if it is a camera session. */
  get live() { return this.#session instanceof LiveSession ? this.#session : null; }

  /** The session, if it is counted manually. */
  get manual() { return this.#session instanceof ManualSession ? this.#session : null; }

  /** Begin a session unless one is in progress; one that only waits for completion does not count. */
  async begin() {
    const { mode, exercise } = this.#store.get();
    const isManual = mode === "manual";
    if (this.#session && !this.live?.isCompleting && (this.manual !== null) === isManual) return;
    const athleteId = await api.athlete();
    this.#beganMs = performance.now();
    if (isManual) this.#session = await ManualSession.begin({ athleteId });
    else this.#listenTo(await LiveSession.begin({ athleteId, exercise, refresh: renew, transport: createTransport() }));
    api.stayOnPage();
    this.#store.set({ set: 0 });
    useSessionStore.set({ id: this.#session?.id ?? null });
  }

  /** Continue a session that this browser did not finish. @param {string} id */
  async resume(id) {
    this.#listenTo(await LiveSession.resume(id, { refresh: renew, transport: createTransport() }));
    useSessionStore.set({ id });
  }

  /** Complete a camera session on its own, before a manual one. @returns {boolean} whether there was one */
  replace() {
    void this.#recording?.stop();
    if (!this.live) return false;
    void this.live.complete(); // errors are reported by the `problem` event
    this.#session = null;
    return true;
  }

  /** The session is over: the next set begins a new one. */
  forget() {
    this.#session = null;
  }

  /** Complete a session. @param {LiveSession | ManualSession} session @returns {Promise<any>} its summary */
  async complete(session) {
    try {
      await session.complete();
    } catch (error) {
      if (this.live === session && session.isOver) this.#session = null; // it can never be completed
      throw error;
    }
    return api.session(session.id);
  }

  /** Send what is pending. */
  async retry() {
    if (this.manual) await this.manual.settle();
    else this.live?.retry();
  }

  /** Record the session from now on. @param {{name: string, description: string}} what @param {number} aspectRatio of the camera's picture @returns {Recording} */
  record(what, aspectRatio) {
    if (!this.live) throw new Error("Only a session before the camera can be recorded.");
    return (this.#recording = new Recording({ sessionId: this.live.id, aspectRatio, ...what }));
  }

  /** @param {any} frame */
  recordFrame(frame) {
    this.#recording?.push(frame, frame.timeMs - this.#beganMs);
  }

  /** End the recording, or give up after a while. */
  async endRecording() {
    await Promise.race([this.#recording?.stop(), new Promise((resolve) => { setTimeout(resolve, RECORDING_ENDS_MS); })]);
  }

  /** Get what a session needs: motion sensors, then an access token for its recording. @param {() => boolean} isWanted checked after the permission prompt */
  async prepare(isWanted) {
    await this.#openSensors(isWanted);
    await renewForRecording();
  }

  /** Send samples of the motion sensors with the frames. @param {() => boolean} isWanted checked after the permission prompt */
  async #openSensors(isWanted) {
    const sensors = await openMotionSensors((sample) => this.live?.sense(sample));
    this.stopSensors();
    this.#sensors = sensors;
    if (!isWanted()) this.stopSensors();
  }

  stopSensors() {
    this.#sensors?.stop();
    this.#sensors = null;
  }

  /** Handle the events of a session. Of a session that was replaced, only problems are handled. @param {LiveSession} session */
  #listenTo(session) {
    this.#session = session;
    this.#store.set({ link: session.mode, bufferedS: Math.round(session.buffer.seconds) });
    const on = (name, act) => session.addEventListener(name, (event) => {
      if (session === this.#session || name === "problem") act(/** @type {CustomEvent} */ (event).detail);
    });
    on("answer", (answer) => this.#callbacks.onAnswer(answer));
    on("refused", ({ problem }) => this.#callbacks.onRefused(problem));
    on("buffer", ({ seconds }) => this.#store.set({ bufferedS: Math.round(seconds) }));
    on("mode", (link) => this.#store.set({ link }));
    on("problem", (problem) => this.#callbacks.onProblem(problem));
  }
}
