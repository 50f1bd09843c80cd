/**
 * The session of a training, with its recording and motion sensors. Sets of one session may be counted by the camera or manually.
 * @module
 */

import * as api from "../api/client.js";
import { createTransport } from "../live/transports.js";
import { LiveSession } from "../live/live-session.js";
import { openMotionSensors } from "../live/motion-sensors.js";
import { Recording } from "../live/recording.js";
import { Snapshots } from "../live/snapshots.js";
import { renew, renewForRecording } from "../api/credentials.js";
import { useSessionStore } from "../stores/session.js";
import { useWorkoutStore } from "../stores/workout.js";

/** Timeout for ending a recording whose connection is lost; the rest is sent later, by this page or the next one. */
const RECORDING_ENDS_MS = 5000;

/** Interval of the pictures of a recorded film. */
const FILM_EVERY_MS = 100;

/** @typedef {{onAnswer: (answer: any) => void, onRefused: (problem: api.Problem) => void, onProblem: (problem: unknown) => void}} Callbacks */

/** Begins and completes the session. */
export class CurrentSession {
  #store = useWorkoutStore;
  /** @type {LiveSession | null} */
  #session = null;
  /** Start of the session on the clock of `performance.now()`. */
  #beganMs = 0;
  /** @type {Recording | null} */
  #recording = null;
  #film = new Snapshots();
  /** @type {{stop(): void} | null} */
  #sensors = null;
  #callbacks;

  /** @param {Callbacks} callbacks */
  constructor(callbacks) {
    this.#callbacks = callbacks;
  }

  /** The session; null before the first set. */
  get session() { return this.#session; }

  /** Begin a session unless one is in progress; one that only waits for completion does not count. */
  async begin() {
    if (this.#session && !this.#session.isCompleting) return;
    const { exercise } = this.#store.get();
    const athleteId = await api.athlete();
    this.#beganMs = performance.now();
    this.#listenTo(await LiveSession.begin({ athleteId, exercise, refresh: renew, transport: createTransport() }));
    api.stayOnPage();
    this.#store.set({ set: 0 });
    useSessionStore.set({ id: this.#session?.id ?? null });
  }

  /** Continue a session that this browser did not finish. @param {string} id */
  async resume(id) {
    this.#listenTo(await LiveSession.resume(id, { refresh: renew, transport: createTransport() }));
    useSessionStore.set({ id });
  }

  /** The session is over: the next set begins a new one. */
  forget() {
    this.#session = null;
  }

  /** Complete a session. @param {LiveSession} session @returns {Promise<any>} its summary */
  async complete(session) {
    try {
      await session.complete();
    } catch (error) {
      if (this.#session === session && session.isOver) this.#session = null; // it can never be completed
      throw error;
    }
    return api.session(session.id);
  }

  /** Send what is pending. */
  retry() {
    this.#session?.retry();
    if (this.#recording?.isRefused) this.#recording.retry();
  }

  /** Record the session from now on. @param {{name: string, description: string}} what @param {number} aspectRatio of the camera's picture @returns {Recording} */
  record(what, aspectRatio) {
    if (!this.#session) throw new Error("There is no session to record.");
    return (this.#recording = new Recording({ sessionId: this.#session.id, aspectRatio, ...what }, this.#session.athleteId));
  }

  /** @param {any} frame */
  recordFrame(frame) {
    this.#recording?.push(frame, frame.timeMs - this.#beganMs);
  }

  /** Record the picture of the next frame, and send it, as the athlete has chosen. @param {HTMLVideoElement} video @param {number} timeMs @param {Snapshots} snapshots */
  picture(video, timeMs, snapshots) {
    const { images, film } = this.#store.get();
    const session = this.#session;
    const recording = this.#recording;
    if (film && recording) this.#film.take(video, timeMs, FILM_EVERY_MS, (atMs, image) => recording.picture(atMs - this.#beganMs, image));
    if (images && session?.takesPictures) snapshots.take(video, timeMs, session.pictureEveryMs, (atMs, image) => session.picture(atMs, image));
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
    const sensors = await openMotionSensors((sample) => this.#session?.sense(sample));
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
