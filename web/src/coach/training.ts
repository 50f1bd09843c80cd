/**
 * Training controller: choose, check the camera, count down, count, rest, repeat, finish.
 * @module
 */

import { announce } from "../ui/dom.ts";
import { useSessionStore } from "../stores/session.ts";
import { useWorkoutStore } from "../stores/workout.ts";
import { Countdown } from "./countdown.ts";
import { CurrentSession } from "./current-session.ts";
import { leftFrameCue, Framing } from "./framing.ts";
import { ExerciseChoices } from "./exercise-choices.ts";
import { SetCount, type Cue } from "./set-count.ts";
import { SetTimer } from "./set-timer.ts";
import { ding, wakeSounds } from "./sounds.ts";
import { keepScreenOn, letScreenTurnOff } from "./wake-lock.ts";
import { t } from "../i18n/l10n.ts";
import type { Snapshots } from "../live/snapshots.ts";
import type { Counted } from "../motion/device-counter.ts";
import type { Watcher } from "./watcher.ts";
import type { PoseFrame } from "../live/pose-source.ts";
import type { Definition } from "../api/client.ts";

type Callbacks = {onCue: (cue: Cue) => void, onCountdown: (secondsLeft: number) => void, onProblem: (error: unknown) => void};

/** One training on this page. */
export class Training {
  #store = useWorkoutStore;
  #session;
  #count;
  #definition: Definition | null = null;
  #countdown: Countdown;
  #choices = new ExerciseChoices();
  /** Serializes the starts of sessions. */
  #begins: Promise<void> = Promise.resolve();
  /** Increases with each start of a set; a canceled start compares it and gives up. */
  #starts = 0;
  #framing = new Framing();
  /** Checks that were not green when the set was started anyway. */
  #overridden: string[] = [];
  #timer = new SetTimer();
  #watcher;
  #callbacks;

  constructor(watcher: Watcher, callbacks: Callbacks) {
    this.#watcher = watcher;
    this.#callbacks = callbacks;
    this.#countdown = new Countdown(callbacks.onCountdown);
    this.#count = new SetCount(callbacks.onCue, () => this.#session.session?.ask("undo", { set: this.#store.get().set }));
    this.#session = new CurrentSession({
      onAnswer: (answer, isCaughtUp) => this.#count.answered(answer, isCaughtUp),
      onRefused: (problem) => {
        if (this.#store.get().mode !== "manual") this.#count.redo(); // the repetition could not be removed
        callbacks.onProblem(problem);
      },
      onProblem: callbacks.onProblem,
    });
  }

  /** The definition of the current exercise. */
  get definition() { return this.#definition; }

  /** Select an exercise, after those that were selected before. @throws {Problem} */
  choose(id: string): Promise<void> {
    return this.#choices.choose(id, { isManual: this.#store.get().mode === "manual" }, (definition) => {
      this.#definition = definition;
      this.#watcher.watchFor(definition);
      this.#store.set({ exercise: id, repetitions: 0, heldMs: 0, form: null });
    });
  }

  /** Turn on camera and sensors, get an access token, and show the preview; call `choose` first. @throws {CameraRefused} */
  async look() {
    wakeSounds();
    this.#store.set({ stage: "preflight", mode: "landmarks" });
    try {
      await this.#watcher.open(() => this.#session.capture.prepare(() => this.#watcher.isOn));
    } catch (error) {
      this.#watcher.close();
      this.#store.set({ stage: "setup" });
      throw error;
    }
  }

  /** Continue without a camera; sets that the camera counted stay in the session. */
  byHand() {
    wakeSounds();
    this.#cancelCountdown();
    this.#watcher.close();
    this.#watcher.paused = false;
    this.#session.capture.stopSensors();
    this.#store.set({ stage: "preflight", mode: "manual", ...(this.#session.session ? {} : { set: 0 }), paused: false, armed: false });
  }

  /** Start a set after a countdown. If a check is not green, `anyway` overrides it. */
  async start({ anyway = false }: {anyway?: boolean} = {}) {
    if (this.#choices.pending) await this.#choices.pending;
    const { stage, mode } = this.#store.get();
    if (stage !== "preflight" && stage !== "rest") return;
    const isReady = mode !== "landmarks" || this.#watcher.isReady;
    if (!isReady && !(anyway && this.#watcher.isOn)) {
      this.#store.set({ armed: true });
      announce(t("five-checks-or-anyway"));
      return;
    }
    this.#overridden = isReady ? [] : this.#watcher.notGreen;
    keepScreenOn();
    this.#store.set({ stage: "countdown", repetitions: 0, heldMs: 0, form: null, paused: false, armed: false });
    const mine = ++this.#starts;
    this.#begins = this.#begins.catch(() => {}).then(() => this.#session.begin()); // an earlier error was reported already
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
    announce(t("set-completed", { set }));
    this.#timer.stop();
    this.#session.session?.endSet(this.#timer.heldMs);
  }

  /** Start a waiting set when the checks are green. */
  async lit() { if (this.#store.get().armed && this.#watcher.isReady) await this.start(); }

  /** Pause or resume the set. */
  pause() {
    const { stage, paused } = this.#store.get();
    if (stage !== "counting") return;
    this.#watcher.paused = !paused;
    this.#timer.pause(!paused);
    if (paused) this.#session.session?.resume();
    else this.#session.session?.pause();
    this.#store.set({ paused: !paused });
    announce(t(paused ? "resumed" : "paused"));
  }

  /** Count one repetition manually. */
  tap() {
    const { stage, mode, paused, repetitions, target } = this.#store.get();
    if (stage !== "counting" || paused || mode !== "manual" || this.#timer.isHold) return;
    this.#session.session?.tap();
    this.#store.set({ repetitions: repetitions + 1 });
    ding(repetitions + 1, target);
  }

  /** Remove the last repetition. */
  undo() {
    const { stage, mode, set, repetitions } = this.#store.get();
    const { session } = this.#session;
    if (stage !== "counting" || !session || repetitions === 0) return;
    session.flush();
    if (mode === "manual") {
      this.#store.set({ repetitions: repetitions - 1 });
      session.ask("undo", { set });
    } else this.#count.undo({ isDelayed: !session.isCaughtUp });
    announce(t("repetitions-now", { count: this.#store.get().repetitions }));
  }

  /** Report how hard the latest set felt. */
  rate(rpe: number | null) { this.#session.session?.ask("rating", { set: this.#store.get().set, rpe }); }

  /** End the session. */
  async finish(): Promise<void> {
    await this.stop();
    letScreenTurnOff();
    const { session } = this.#session;
    if (!session) {
      this.leave();
      this.#store.set({ stage: "setup" });
      return;
    }
    this.#watcher.close();
    announce(t("completing-session"));
    this.#session.capture.stopSensors();
    await this.#session.capture.end();
    this.#count.removeAll();
    const { stage } = this.#store.get();
    const summary = await this.#session.complete(session);
    const isLeft = this.#store.get().stage !== stage; // whether the athlete has started to train again
    if (this.#session.session !== session) return;
    if (isLeft) this.#session.forget();
    else {
      useSessionStore.set({ id: session.id, summary });
      this.#store.set({ stage: "summary" });
    }
  }

  /** Complete a session that this browser did not finish. */
  async recover(id: string) { await this.#session.resume(id); await this.finish(); }

  /** Record the session from now on. @param aspectRatio of the camera's picture */
  record(what: {name: string, description: string}, aspectRatio: number) { return this.#session.capture.record(what, aspectRatio); }

  /** Send what is pending, after the user signed in again or the server is back. */
  retry() { return this.#session.retry(); }

  /** Turn off the camera when the page is left; pending data stays stored. */
  leave() {
    letScreenTurnOff();
    this.#cancelCountdown();
    if (this.#timer.isHold && this.#store.get().stage === "counting") this.#session.session?.endSet(this.#timer.heldMs); // the hold ends here
    this.#watcher.close();
    this.#session.capture.stopSensors();
    this.#timer.stop();
    void this.#session.session?.flush();
    this.#count.removeAll();
    this.#session.session?.close();
  }

  /** Handle a frame. */
  frame(frame: PoseFrame, counted: Counted & {isSlow: boolean}) {
    const { stage, mode } = this.#store.get();
    this.#store.set({ inFrame: counted.inFrame });
    if (stage !== "counting" || mode === "manual" || !this.#session.session) return;
    this.#session.capture.frame(frame);
    this.#session.session.push(frame);
    if (this.#framing.hasLeft(frame.timeMs, counted.present)) this.#callbacks.onCue(leftFrameCue(frame.timeMs));
    this.#store.set({ phase: counted.phase, form: counted.form, heldMs: counted.heldMs, isSlow: counted.isSlow });
    this.#count.device(counted.repetitions);
  }

  /** Handle the picture of the next frame. */
  picture(video: HTMLVideoElement, timeMs: number, snapshots: Snapshots) { if (this.#store.get().stage === "counting") this.#session.picture(video, timeMs, snapshots); }

  async #startSet() {
    const { exercise, target, set, mode } = this.#store.get();
    this.#count.restart();
    this.#watcher.reset();
    this.#store.set({ stage: "counting", set: set + 1, elapsedS: 0 });
    this.#session.session?.startSet(exercise, { target: this.#definition?.kind === "hold" ? null : target, byHand: mode === "manual" }); // the goal of a hold is in seconds
    if (this.#overridden.length) this.#session.session?.override(this.#overridden, performance.now());
    this.#timer.start({ isManual: mode === "manual", isHold: this.#definition?.kind === "hold" });
  }

  #cancelCountdown() {
    this.#countdown.cancel();
    const { stage, set } = this.#store.get();
    if (stage === "countdown") this.#store.set({ stage: set > 0 ? "rest" : "preflight" });
  }
}
