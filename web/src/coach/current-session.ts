/**
 * The session of a training, with its recording and motion sensors. Sets of one session may be counted by the camera or manually.
 * @module
 */

import * as api from "../api/client.ts";
import { createTransport } from "../live/transports.ts";
import { LiveSession } from "../live/live-session.ts";
import { renew } from "../api/credentials.ts";
import { useSessionStore } from "../stores/session.ts";
import { useWorkoutStore } from "../stores/workout.ts";
import { SessionCapture } from "./session-capture.ts";
import type { Snapshots } from "../live/snapshots.ts";
import type { Answer } from "../live/http-transport.ts";
import type { Mode } from "../live/deliverer.ts";

type Callbacks = {onAnswer: (answer: Answer, isCaughtUp: boolean) => void, onRefused: (problem: api.Problem) => void, onProblem: (problem: unknown) => void};

/** Begins and completes the session. */
export class CurrentSession {
  #store = useWorkoutStore;
  #session: LiveSession | null = null;
  /** What is kept besides the count. */
  capture = new SessionCapture(() => this.#session);
  #callbacks;

  constructor(callbacks: Callbacks) {
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

  /** Continue a session that this browser did not finish. */
  async resume(id: string) {
    this.#listenTo(await LiveSession.resume(id, { refresh: renew, transport: createTransport() }));
    useSessionStore.set({ id });
  }

  /** The session is over: the next set begins a new one. */
  forget() {
    this.#session = null;
  }

  /** Complete a session. @returns its summary */
  async complete(session: LiveSession): Promise<api.Session> {
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

  /** Record the picture of the next frame, and send it, as the athlete has chosen. */
  picture(video: HTMLVideoElement, timeMs: number, snapshots: Snapshots) {
    const { images, keepsVideo } = this.#store.get();
    const session = this.#session;
    if (keepsVideo) this.capture.picture(video, timeMs);
    if (images && session?.takesPictures) snapshots.take(video, timeMs, session.pictureEveryMs, (atMs, image) => session.picture(atMs, image));
  }

  /** Handle the events of a session. Of a session that was replaced, only problems are handled. */
  #listenTo(session: LiveSession) {
    this.#session = session;
    this.#store.set({ link: session.mode, bufferedS: Math.round(session.buffer.seconds) });
    const on = <Detail>(name: string, act: (detail: Detail) => void) => session.addEventListener(name, (event) => {
      if (session === this.#session || name === "problem") act((event as CustomEvent).detail);
    });
    on("answer", (answer: Answer) => this.#callbacks.onAnswer(answer, session.isCaughtUp));
    on("refused", ({ problem }: {problem: api.Problem}) => this.#callbacks.onRefused(problem));
    on("buffer", ({ seconds }: {seconds: number}) => this.#store.set({ bufferedS: Math.round(seconds) }));
    on("mode", (link: Mode) => this.#store.set({ link }));
    on("problem", (problem: api.Problem) => this.#callbacks.onProblem(problem));
  }
}
