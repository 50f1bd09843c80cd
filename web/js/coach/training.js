/**
 * How a training goes: choose, look, count down, count, rest, and again, until it is summed up.
 * @module
 */

import * as api from "../api.js";
import { announce } from "../dom.js";
import { LiveSession } from "../live/live-session.js";
import { openMotionSensors } from "../live/motion-sensors.js";
import { Recording } from "../live/recording.js";
import { renew } from "../signing-in.js";
import { useSessionStore } from "../stores/session.js";
import { useWorkoutStore } from "../stores/workout.js";
import { Countdown } from "./countdown.js";
import { Framing } from "./framing.js";
import { ManualSession } from "./manual-session.js";
import { ding, wakeSounds } from "./sounds.js";
import { Tally } from "./tally.js";
import { keepScreenOn } from "./wake-lock.js";

/** A recording whose line is lost does not hold up the end of a session for longer; what is missing of it stays missing. */
const RECORDING_ENDS_MS = 5000;

/** @typedef {{repetition: number, cue: string, atMs: number, urgent?: boolean}} Cue */
/** @typedef {{onCue: (cue: Cue) => void, onCountdown: (secondsLeft: number) => void, onProblem: (error: unknown) => void}} Told */

/** One athlete's training on this page. */
export class Training {
  #store = useWorkoutStore;
  /** @type {LiveSession | ManualSession | null} */
  #session = null;
  #tally = new Tally();
  /** @type {any} */
  #definition = null;
  /** @type {Countdown} */
  #countdown;
  /** When the session began, in milliseconds since 1970. */
  #startedAt = 0;
  /** @type {Recording | null} */
  #recording = null;
  #framing = new Framing();
  /** @type {{stop(): void} | null} */
  #sensors = null;
  /** Cues that were told; a chunk that is sent again is answered as before. */
  #cued = new Set();
  #watcher;
  #told;

  /** @param {import("./watcher.js").Watcher} watcher @param {Told} told */
  constructor(watcher, told) {
    this.#watcher = watcher;
    this.#told = told;
    this.#countdown = new Countdown(told.onCountdown);
  }

  /** The exercise as it is defined. */
  get definition() {
    return this.#definition;
  }

  /** Choose what is trained. @param {string} id @throws {api.Problem} */
  async choose(id) {
    this.#definition = await api.request(`/v1/exercises/${encodeURIComponent(id)}`);
    this.#watcher.watchFor(this.#definition);
    this.#store.set({ exercise: id, repetitions: 0, heldMs: 0, form: null });
  }

  /** Switch the camera on and look; the server has let the athlete in before (`choose`). @throws {import("./camera.js").CameraRefused} */
  async look() {
    wakeSounds();
    this.#store.set({ stage: "preflight", mode: "landmarks" });
    try {
      await this.#watcher.open();
      this.#sensors ??= await openMotionSensors((sample) => this.#live?.sense(sample));
    } catch (error) {
      this.#watcher.close();
      this.#store.set({ stage: "setup" });
      throw error;
    }
  }

  /** Train without a camera. */
  byHand() {
    wakeSounds();
    this.#store.set({ stage: "preflight", mode: "manual" });
  }

  /** Begin a set, after a countdown. */
  async start() {
    const { stage, mode } = this.#store.get();
    if (stage !== "preflight" && stage !== "rest") return;
    if (mode === "landmarks" && !this.#watcher.isReady) {
      this.#store.set({ armed: true });
      announce("The set starts as soon as all five lights are green.");
      return;
    }
    keepScreenOn();
    this.#store.set({ stage: "countdown", repetitions: 0, heldMs: 0, form: null, paused: false, armed: false });
    await Promise.all([this.#begin(), this.#countdown.run()]).catch((error) => {
      this.#cancelCountdown();
      this.#store.set({ stage });
      throw error;
    });
    if (this.#store.get().stage !== "countdown") return;
    await this.#startSet();
  }

  /** End the set, or the countdown before it. */
  async stop() {
    const { stage, set } = this.#store.get();
    this.#store.set({ armed: false });
    if (stage === "countdown") this.#cancelCountdown();
    if (stage !== "counting") return;
    this.#store.set({ stage: "rest", paused: false, phase: "rest" });
    this.#watcher.paused = false;
    announce(`Set ${set} is over.`);
    await this.#session?.endSet();
  }

  /** The lights have changed: a set that waits for them may begin. */
  async lit() {
    if (this.#store.get().armed && this.#watcher.isReady) await this.start();
  }

  /** Rest within a set, or go on. */
  pause() {
    const { stage, paused } = this.#store.get();
    if (stage !== "counting") return;
    this.#watcher.paused = !paused;
    if (paused) this.#live?.resume();
    else this.#live?.pause();
    this.#store.set({ paused: !paused });
    announce(paused ? "It goes on." : "Paused.");
  }

  /** One repetition more, counted by hand. */
  tap() {
    const { stage, paused } = this.#store.get();
    if (stage !== "counting" || paused || !(this.#session instanceof ManualSession)) return;
    this.#store.set({ repetitions: this.#session.tap() });
    ding();
  }

  /** One repetition less; only what a hand counted can be taken back. */
  undo() {
    if (this.#store.get().stage !== "counting" || !(this.#session instanceof ManualSession)) return;
    this.#store.set({ repetitions: this.#session.undoRepetition() });
    announce(`${this.#store.get().repetitions} repetitions.`);
  }

  /** End the session. @returns {Promise<void>} */
  async finish() {
    await this.stop();
    if (!this.#session) {
      this.leave();
      this.#store.set({ stage: "setup" });
      return;
    }
    this.#watcher.close();
    announce("Your session is being summed up.");
    this.#sensors?.stop();
    await Promise.race([this.#recording?.stop(), new Promise((resolve) => { setTimeout(resolve, RECORDING_ENDS_MS); })]);
    await this.#session.complete();
    useSessionStore.set({ summary: await api.session(this.#session.id) });
    this.#store.set({ stage: "summary" });
  }

  /** Sum up a session that this browser could not finish. @param {string} id */
  async recover(id) {
    this.#session = this.#listenTo(await LiveSession.resume(id, { refresh: renew }));
    useSessionStore.set({ id });
    await this.finish();
  }

  /**
   * Record the session from now on.
   * @param {{name: string, description: string}} what
   * @param {number} aspectRatio Of the camera's picture.
   * @returns {Recording}
   */
  record(what, aspectRatio) {
    if (!this.#live) throw new Error("Only a session before the camera can be recorded.");
    return (this.#recording = new Recording({ sessionId: this.#live.id, aspectRatio, ...what }));
  }

  /** The page is left: no camera stays on, and what waits is kept. */
  leave() {
    this.#cancelCountdown();
    this.#watcher.close();
    this.#sensors?.stop();
    this.#sensors = null;
    this.#live?.close();
  }

  /** The session, if it is one before the camera. */
  get #live() {
    return this.#session instanceof LiveSession ? this.#session : null;
  }

  /** A frame was seen. @param {any} frame @param {import("../motion/device-counter.js").Counted} counted */
  frame(frame, counted) {
    const { stage } = this.#store.get();
    this.#store.set({ inFrame: counted.inFrame });
    this.#recording?.push(frame, performance.timeOrigin + frame.timeMs - this.#startedAt);
    if (stage !== "counting" || !this.#live) return;
    this.#live.push(frame);
    if (this.#framing.hasLeft(frame.timeMs, counted.inFrame)) this.#told.onCue({ repetition: 0, cue: "Come back into the picture", atMs: frame.timeMs, urgent: true });
    this.#tally.device(counted.repetitions);
    this.#store.set({ phase: counted.phase, form: counted.form, heldMs: counted.heldMs });
    this.#count();
  }

  async #begin() {
    if (this.#session) return;
    const { mode, exercise } = this.#store.get();
    const athleteId = await api.athlete();
    if (mode === "manual") this.#session = await ManualSession.begin({ athleteId });
    else this.#session = this.#listenTo(await LiveSession.begin({ athleteId, exercise, startedAt: this.#startedAt = Date.now(), refresh: renew }));
    useSessionStore.set({ id: this.#session.id });
  }

  /** @param {LiveSession} session */
  #listenTo(session) {
    const on = (name, act) => session.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
    on("answer", (answer) => this.#answered(answer));
    on("buffer", ({ seconds }) => this.#store.set({ bufferedS: Math.round(seconds) }));
    on("mode", (link) => this.#store.set({ link }));
    on("problem", (problem) => this.#told.onProblem(problem));
    return session;
  }

  async #startSet() {
    const { exercise, target, set } = this.#store.get();
    this.#tally = new Tally();
    this.#cued.clear();
    this.#watcher.reset();
    this.#store.set({ stage: "counting", set: set + 1 });
    await this.#session?.startSet(exercise, { target });
  }

  /** @param {any} answer */
  #answered(answer) {
    const { set, stage } = this.#store.get();
    if (answer.set !== set) return;
    for (const cue of answer.cues) this.#cue(cue);
    if (answer.setOver || stage === "rest") this.#tally.settle(answer.repetitions);
    else this.#tally.server(answer.repetitions);
    this.#count();
  }

  /** @param {Cue} cue */
  #cue(cue) {
    const key = `${cue.atMs} ${cue.cue}`;
    if (this.#cued.has(key)) return;
    this.#cued.add(key);
    this.#told.onCue(cue);
  }

  #count() {
    const { repetitions } = this.#tally;
    if (repetitions > this.#store.get().repetitions) ding();
    this.#store.set({ repetitions });
  }

  #cancelCountdown() {
    this.#countdown.cancel();
    const { stage, set } = this.#store.get();
    if (stage === "countdown") this.#store.set({ stage: set > 0 ? "rest" : "preflight" });
  }
}
