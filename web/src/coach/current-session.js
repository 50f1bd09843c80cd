/**
 * The session of a training, with its recording and motion sensors. Sets of one session may be counted by the camera or manually.
 * @module
 */

import * as api from "../api/client.js";
import { createTransport } from "../live/transports.js";
import { LiveSession } from "../live/live-session.js";
import { renew } from "../api/credentials.js";
import { useSessionStore } from "../stores/session.js";
import { useWorkoutStore } from "../stores/workout.js";
import { SessionCapture } from "./session-capture.js";

/** @typedef {{onAnswer: (answer: any) => void, onRefused: (problem: api.Problem) => void, onProblem: (problem: unknown) => void}} Callbacks */

/** Begins and completes the session. */
export class CurrentSession {
  #store = useWorkoutStore;
  /** @type {LiveSession | null} */
  #session = null;
  /** What is kept besides the count. */
  capture = new SessionCapture(() => this.#session);
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
    this.capture.retry();
  }

  /** Record the picture of the next frame, and send it, as the athlete has chosen. @param {HTMLVideoElement} video @param {number} timeMs @param {import("../live/snapshots.js").Snapshots} snapshots */
  picture(video, timeMs, snapshots) {
    const { images, film } = this.#store.get();
    const session = this.#session;
    if (film) this.capture.picture(video, timeMs);
    if (images && session?.takesPictures) snapshots.take(video, timeMs, session.pictureEveryMs, (atMs, image) => session.picture(atMs, image));
  }

  /** Handle the events of a session. Of a session that was replaced, only problems are handled. @param {LiveSession} session */
  #listenTo(session) {
    this.#session = session;
    this.#store.set({ link: session.mode, bufferedS: Math.round(session.buffer.seconds) });
    const on = (/** @type {string} */ name, /** @type {(detail: any) => void} */ act) => session.addEventListener(name, (event) => {
      if (session === this.#session || name === "problem") act(/** @type {CustomEvent} */ (event).detail);
    });
    on("answer", (answer) => this.#callbacks.onAnswer(answer));
    on("refused", ({ problem }) => this.#callbacks.onRefused(problem));
    on("buffer", ({ seconds }) => this.#store.set({ bufferedS: Math.round(seconds) }));
    on("mode", (link) => this.#store.set({ link }));
    on("problem", (problem) => this.#callbacks.onProblem(problem));
  }
}
