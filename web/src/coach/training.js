/**
 * Training controller: choose, check the camera, count down, count, rest, repeat, finish.
 * @module
 */

import * as api from "../api/client.js";
import { announce } from "../ui/dom.js";
import { counted } from "../i18n/format.js";
import { createTransport } from "../live/transports.js";
import { LiveSession } from "../live/live-session.js";
import { openMotionSensors } from "../live/motion-sensors.js";
import { Recording } from "../live/recording.js";
import { renew } from "../api/credentials.js";
import { useSessionStore } from "../stores/session.js";
import { useWorkoutStore } from "../stores/workout.js";
import { CONSENT_MISSING } from "./camera-consent.js";
import { Countdown } from "./countdown.js";
import { leftFrameCue, Framing } from "./framing.js";
import { ManualSession } from "./manual-session.js";
import { ding, wakeSounds } from "./sounds.js";
import { Tally } from "./tally.js";
import { keepScreenOn } from "./wake-lock.js";

/** Timeout for ending a recording whose connection is lost; the missing part stays missing. */
const RECORDING_ENDS_MS = 5000;

/** @typedef {{repetition: number, cue: string, say: string, atMs: number, urgent?: boolean}} Cue `cue` is shown, `say` is spoken; empty for silence */
/** @typedef {{onCue: (cue: Cue) => void, onCountdown: (secondsLeft: number) => void, onProblem: (error: unknown) => void}} Callbacks */

/** One training on this page. */
export class Training {
  #store = useWorkoutStore;
  /** @type {LiveSession | ManualSession | null} */
  #session = null;
  #tally = new Tally();
  /** @type {any} */
  #definition = null;
  /** @type {Countdown} */
  #countdown;
  /** Start of the session on the clock of `performance.now()`. */
  #beganMs = 0;
  /** Serializes the starts of sessions. @type {Promise<void>} */
  #begins = Promise.resolve();
  /** Increases with each start of a set; a canceled start compares it and gives up. */
  #starts = 0;
  /** @type {Recording | null} */
  #recording = null;
  #framing = new Framing();
  /** Checks that were not green when the set was started anyway. @type {string[]} */
  #overridden = [];
  /** @type {{stop(): void} | null} */
  #sensors = null;
  /** Cues already shown; a chunk that is sent again gets the same answer. */
  #cued = new Set();
  #watcher;
  #callbacks;

  /** @param {import("./watcher.js").Watcher} watcher @param {Callbacks} callbacks */
  constructor(watcher, callbacks) {
    this.#watcher = watcher;
    this.#callbacks = callbacks;
    this.#countdown = new Countdown(callbacks.onCountdown);
  }

  /** The definition of the current exercise. */
  get definition() {
    return this.#definition;
  }

  /** Select an exercise. @param {string} id @throws {api.Problem} */
  async choose(id) {
    this.#definition = await api.request(`/v1/exercises/${encodeURIComponent(id)}`);
    this.#watcher.watchFor(this.#definition);
    this.#store.set({ exercise: id, repetitions: 0, heldMs: 0, form: null });
  }

  /** Turn on the camera; call `choose` first. @throws {import("./camera.js").CameraRefused} */
  async look() {
    wakeSounds();
    this.#store.set({ stage: "preflight", mode: "landmarks" });
    try {
      if (!(await this.#watcher.open())) return;
      const sensors = await openMotionSensors((sample) => this.#live?.sense(sample));
      this.#sensors?.stop();
      this.#sensors = sensors;
      if (!this.#watcher.isOn) this.#stopSensors(); // the camera was turned off while the browser asked
    } catch (error) {
      this.#watcher.close();
      this.#store.set({ stage: "setup" });
      throw error;
    }
  }

  /** Continue without a camera; a session counted by the camera is completed on its own. */
  byHand() {
    wakeSounds();
    this.#cancelCountdown();
    this.#watcher.close();
    this.#watcher.paused = false;
    this.#stopSensors();
    void this.#recording?.stop();
    if (this.#live) {
      void this.#live.complete(); // errors are reported by the `problem` event
      this.#session = null;
      announce("The camera session is saved separately.");
    }
    this.#store.set({ stage: "preflight", mode: "manual", ...(this.#session ? {} : { set: 0 }), paused: false, armed: false });
  }

  /** Start a set after a countdown. If a check is not green, `anyway` overrides it. @param {{anyway?: boolean}} [options] */
  async start({ anyway = false } = {}) {
    const { stage, mode } = this.#store.get();
    if (stage !== "preflight" && stage !== "rest") return;
    const isReady = mode !== "landmarks" || this.#watcher.isReady;
    if (!isReady && !(anyway && this.#watcher.isOn)) {
      this.#store.set({ armed: true });
      announce("The set starts as soon as all five checks are green. You can also start anyway.");
      return;
    }
    this.#overridden = isReady ? [] : this.#watcher.notGreen;
    keepScreenOn();
    this.#store.set({ stage: "countdown", repetitions: 0, heldMs: 0, form: null, paused: false, armed: false });
    const mine = ++this.#starts;
    this.#begins = this.#begins.catch(() => {}).then(() => this.#begin()); // an earlier error was reported already
    await Promise.all([this.#begins, this.#countdown.run()]).catch((error) => {
      if (mine === this.#starts) this.#cancelCountdown();
      throw error;
    });
    if (mine !== this.#starts || this.#store.get().stage !== "countdown") return;
    await this.#startSet();
  }

  /** End the set or cancel the countdown. */
  async stop() {
    const { stage, set } = this.#store.get();
    this.#store.set({ armed: false });
    if (stage === "countdown") this.#cancelCountdown();
    if (stage !== "counting") return;
    this.#store.set({ stage: "rest", paused: false, phase: "rest" });
    this.#watcher.paused = false;
    announce(`Set ${set} completed.`);
    await this.#session?.endSet();
  }

  /** Start a waiting set when the checks are green. */
  async lit() {
    if (this.#store.get().armed && this.#watcher.isReady) await this.start();
  }

  /** Pause or resume the set. */
  pause() {
    const { stage, paused } = this.#store.get();
    if (stage !== "counting") return;
    this.#watcher.paused = !paused;
    if (paused) this.#live?.resume();
    else this.#live?.pause();
    this.#store.set({ paused: !paused });
    announce(paused ? "Resumed." : "Paused.");
  }

  /** Count one repetition manually. */
  tap() {
    const { stage, paused } = this.#store.get();
    if (stage !== "counting" || paused || !(this.#session instanceof ManualSession)) return;
    this.#store.set({ repetitions: this.#session.tap() });
    ding();
  }

  /** Remove the last repetition: of a manual set before it is written, of a camera set by a correction. */
  undo() {
    const { stage, set } = this.#store.get();
    if (stage !== "counting") return;
    if (this.#session instanceof ManualSession) this.#store.set({ repetitions: this.#session.undoRepetition() });
    else if (this.#live && this.#tally.undo()) {
      this.#live.flush();
      this.#live.ask("undo", { set });
      this.#count();
    } else return;
    announce(`${counted(this.#store.get().repetitions, "repetition")}.`);
  }

  /** Show the count that resulted from the athlete's review. @param {number} repetitions */
  stands(repetitions) {
    this.#store.set({ repetitions });
  }

  /** End the session. @returns {Promise<void>} */
  async finish() {
    await this.stop();
    const session = this.#session;
    if (!session) {
      this.leave();
      this.#store.set({ stage: "setup" });
      return;
    }
    this.#watcher.close();
    announce("Completing your session …");
    this.#stopSensors();
    await Promise.race([this.#recording?.stop(), new Promise((resolve) => { setTimeout(resolve, RECORDING_ENDS_MS); })]);
    const { stage } = this.#store.get();
    const summary = await this.#summed(session);
    const isLeft = this.#store.get().stage !== stage; // whether the athlete has started to train again
    if (this.#session !== session) return;
    if (isLeft) this.#session = null;
    else {
      useSessionStore.set({ id: session.id, summary });
      this.#store.set({ stage: "summary" });
    }
  }

  /** @param {LiveSession | ManualSession} session */
  async #summed(session) {
    try {
      await session.complete();
    } catch (error) {
      if (this.#live === session && session.isOver) this.#session = null; // it can never be completed
      throw error;
    }
    return api.session(session.id);
  }

  /** Complete a session that this browser did not finish. @param {string} id */
  async recover(id) {
    this.#listenTo(await LiveSession.resume(id, { refresh: renew, transport: createTransport() }));
    useSessionStore.set({ id });
    await this.finish();
  }

  /**
   * Record the session from now on.
   * @param {{name: string, description: string}} what
   * @param {number} aspectRatio of the camera's picture
   * @returns {Recording}
   */
  record(what, aspectRatio) {
    if (!this.#live) throw new Error("Only a session before the camera can be recorded.");
    return (this.#recording = new Recording({ sessionId: this.#live.id, aspectRatio, ...what }));
  }

  /** Send what is pending, after the user signed in again or the server is back. */
  async retry() {
    if (this.#session instanceof ManualSession) await this.#session.settle();
    else this.#session?.retry();
  }

  /** Turn off the camera when the page is left; pending data stays stored. */
  leave() {
    this.#cancelCountdown();
    this.#watcher.close();
    this.#stopSensors();
    void this.#live?.flush();
    this.#live?.close();
  }

  /** The session, if it is a camera session. */
  get #live() {
    return this.#session instanceof LiveSession ? this.#session : null;
  }

  /** Handle a frame. @param {any} frame @param {import("../motion/device-counter.js").Counted} counted */
  frame(frame, counted) {
    const { stage } = this.#store.get();
    this.#store.set({ inFrame: counted.inFrame });
    this.#recording?.push(frame, frame.timeMs - this.#beganMs);
    if (stage !== "counting" || !this.#live) return;
    this.#live.push(frame);
    if (this.#framing.hasLeft(frame.timeMs, counted.inFrame)) this.#callbacks.onCue(leftFrameCue(frame.timeMs));
    this.#tally.device(counted.repetitions);
    this.#store.set({ phase: counted.phase, form: counted.form, heldMs: counted.heldMs });
    this.#count();
  }

  /** Handle the picture of the next frame: send it if the athlete agreed and the connection can take it. @param {HTMLVideoElement} video @param {number} timeMs @param {import("../live/snapshots.js").Snapshots} snapshots */
  picture(video, timeMs, snapshots) {
    const session = this.#live;
    const { stage, images } = this.#store.get();
    if (!images || stage !== "counting" || !session?.takesPictures) return;
    snapshots.take(video, timeMs, session.pictureEveryMs, (atMs, image) => session.picture(atMs, image));
  }

  /** Begin a session unless one is in progress; one that only waits for completion does not count. */
  async #begin() {
    const { mode, exercise } = this.#store.get();
    const isManual = mode === "manual";
    if (this.#session && !this.#live?.isCompleting && (this.#session instanceof ManualSession) === isManual) return;
    const athleteId = await api.athlete();
    this.#beganMs = performance.now();
    if (isManual) this.#session = await ManualSession.begin({ athleteId });
    else this.#listenTo(await LiveSession.begin({ athleteId, exercise, refresh: renew, transport: createTransport() }));
    api.stayOnPage();
    this.#store.set({ set: 0 });
    useSessionStore.set({ id: this.#session?.id ?? null });
  }

  /** Handle the events of a session. Of a session that was replaced, only problems are handled. @param {LiveSession} session */
  #listenTo(session) {
    this.#session = session;
    this.#store.set({ link: session.mode, bufferedS: Math.round(session.buffer.seconds) });
    const on = (name, act) => session.addEventListener(name, (event) => {
      if (session === this.#session || name === "problem") act(/** @type {CustomEvent} */ (event).detail);
    });
    on("answer", (answer) => this.#answered(answer));
    on("refused", ({ problem }) => this.#notUndone(problem));
    on("buffer", ({ seconds }) => this.#store.set({ bufferedS: Math.round(seconds) }));
    on("mode", (link) => this.#store.set({ link }));
    on("problem", (problem) => this.#callbacks.onProblem(problem));
  }

  async #startSet() {
    const { exercise, target, set } = this.#store.get();
    this.#tally = new Tally();
    this.#cued.clear();
    this.#watcher.reset();
    this.#store.set({ stage: "counting", set: set + 1 });
    await this.#session?.startSet(exercise, { target: this.#definition?.kind === "hold" ? null : target }); // the goal of a hold is in seconds
    if (this.#overridden.length) this.#live?.override(this.#overridden, performance.now());
  }

  /** Restore a repetition that could not be removed. @param {api.Problem} problem */
  #notUndone(problem) {
    this.#tally.redo();
    this.#count();
    this.#callbacks.onProblem(problem);
  }

  /** @param {any} answer */
  #answered(answer) {
    const { set, stage } = this.#store.get();
    if (answer.pictureProblems?.some(({ code }) => code === CONSENT_MISSING)) this.#keepPictures();
    if (answer.set !== set) return;
    for (const cue of answer.cues) this.#cue(cue);
    if (answer.mode === "degraded") this.#tally.provisional(answer.repetitions);
    else if (answer.setOver || stage === "rest") this.#tally.settle(answer.repetitions);
    else this.#tally.server(answer.repetitions);
    this.#count();
  }

  /** The athlete withdrew consent to send pictures, here or elsewhere; continue without. */
  #keepPictures() {
    if (!this.#store.get().images) return;
    this.#store.set({ images: false });
    announce("Pictures are no longer sent.");
  }

  /** @param {Cue} cue */
  #cue(cue) {
    const key = `${cue.atMs} ${cue.cue}`;
    if (this.#cued.has(key)) return;
    this.#cued.add(key);
    this.#callbacks.onCue(cue);
  }

  #count() {
    const { repetitions } = this.#tally;
    if (repetitions > this.#store.get().repetitions) ding();
    this.#store.set({ repetitions });
  }

  #stopSensors() {
    this.#sensors?.stop();
    this.#sensors = null;
  }

  #cancelCountdown() {
    this.#countdown.cancel();
    const { stage, set } = this.#store.get();
    if (stage === "countdown") this.#store.set({ stage: set > 0 ? "rest" : "preflight" });
  }
}
