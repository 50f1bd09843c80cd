/**
 * A guided workout: its state, and the consequences of each change, from the countdown to the rest.
 * @module
 */

import * as api from "../api/client.ts";
import { Countdown } from "../coach/countdown.ts";
import { leftFrameCue } from "../coach/framing.ts";
import { SessionCapture } from "../coach/session-capture.ts";
import { ding } from "../coach/sounds.ts";
import { announce } from "../ui/dom.ts";
import { useWorkoutStore } from "../stores/workout.ts";
import { CameraCount } from "./camera-count.ts";
import { after, current, isReached, STAGES, type Guided, type Happening } from "./state-machine.ts";
import * as announcements from "./announcements.ts";
import { Stopwatch } from "../ui/stopwatch.ts";
import { t } from "../i18n/l10n.ts";
import type { Callbacks } from "./callbacks.ts";
import type { Watcher } from "../coach/watcher.ts";
import type { Counted } from "../motion/device-counter.ts";
import type { Step } from "../workouts/plan.ts";
import type { Reporter } from "./reporter.ts";
import type { PoseFrame } from "../live/pose-source.ts";

/** Interval for updating the time of a set. */
const EVERY_MS = 250;

/** Base of the player; its members without documentation are for subclasses. */
export class GuidedWorkout {
  store = useWorkoutStore;
  watcher;
  callbacks;
  reporter: Reporter;
  /** What is kept besides the count. */
  capture = new SessionCapture(() => this.reporter.session);
  count = new CameraCount(() => {});
  stopwatch = new Stopwatch();
  definitions: Map<string, api.Definition> = new Map();
  /** Checks that were not green when the athlete started anyway. */
  overridden: string[] = [];
  /** Camera count of a set that resumed after a reload. */
  seenBefore = 0;
  /** Seconds of a hold that the camera counted before manual timing took over. */
  heldS = 0;
  /** Milliseconds of a hold that were timed by hand before a reload. */
  #timedBeforeMs = 0;
  #timer = 0;
  /** Whether the set ended because its goal was reached. */
  #isReached = false;
  #countdown;

  constructor(watcher: Watcher, callbacks: Callbacks, reporter: Reporter) {
    this.watcher = watcher;
    this.callbacks = callbacks;
    this.reporter = reporter;
    this.#countdown = new Countdown(callbacks.onCountdown);
  }

  /** The definition of an exercise of the open workout; throws for others. */
  definition(id: string): api.Definition {
    const definition = this.definitions.get(id);
    if (!definition) throw new Error(`${id} is in no set of this workout.`);
    return definition;
  }

  /** Load the definitions of the exercises of lines or sets. @throws {api.Problem} */
  async define(performed: readonly {exerciseId: string}[]) {
    for (const { exerciseId: id } of performed) if (!this.definitions.has(id)) this.definitions.set(id, await api.definition(id));
  }

  /** Finish the set. */
  finish() {
    this.apply({ kind: "finished", by: this.store.get().mode === "manual" ? "hand" : "camera", nowMs: Date.now() });
  }

  /** Handle a frame. */
  frame(frame: PoseFrame, counted: Counted & {isSlow: boolean}) {
    this.store.set({ inFrame: counted.inFrame });
    const { guided, mode } = this.store.get();
    if (guided?.phase !== "performing" || guided.isPaused || mode !== "landmarks") return;
    const step = current(guided) as Step;
    this.capture.frame(frame);
    this.reporter.push(frame);
    if (this.count.hasLeft(frame.timeMs, counted.present)) this.callbacks.onCue(leftFrameCue(frame.timeMs));
    this.count.device(counted.repetitions);
    this.store.set({ phase: counted.phase, form: counted.form, isSlow: counted.isSlow });
    this.counted(step.unit === "hold" ? Math.floor(counted.heldMs / 1000) : this.count.repetitions);
    if (isReached({ amount: this.guided.amount, target: step.target }, counted.phase, this.definition(step.exerciseId).outward)) this.#reached();
  }

  /** Record the picture of the next frame, if the athlete keeps a video. */
  picture(video: HTMLVideoElement, timeMs: number) {
    const { stage, keepsVideo } = this.store.get();
    if (keepsVideo && stage === "counting") this.capture.picture(video, timeMs);
  }

  get guided(): Guided {
    return this.store.get().guided as Guided;
  }

  /** Whether the workout has ended. */
  get isEnded() {
    return this.store.get().stage === "summary";
  }

  /** Whether the count can be corrected now. */
  get isCorrectable() {
    const { phase, isPaused } = this.guided;
    return !this.isEnded && phase === "performing" && !isPaused && current(this.guided)?.unit === "repetitions";
  }

  correct(by: 1 | -1) {
    this.count.correct(by);
    this.apply({ kind: "amount", amount: this.guided.amount + by });
  }

  /** Apply an event and its consequences. @returns the new state; null if nothing changed */
  apply(happening: Happening): Guided | null {
    const before = this.guided;
    const next = after(before, happening);
    if (next === before || this.isEnded) return null;
    this.reporter.keep(next); // with the requests that follow from it
    if (happening.kind === "finished") this.reporter.clock.end(); // its amount may be entered later
    if (happening.kind === "finished" && next.phase !== "logging") this.closeSet(before, 0);
    if (happening.kind === "logged") this.closeSet(before, happening.amount);
    if (next.phase !== before.phase) this.unwatch();
    this.show(next);
    if (next.at !== before.at) this.watchForNext();
    if (next.phase === before.phase) return next;
    this.#tell(before, next);
    if (next.phase === "countdown") this.#countIn(next);
    if (next.phase === "performing") this.#perform(before, next);
    return next;
  }

  /** Announce the end of a set and the following rest. */
  #tell(before: Guided, next: Guided) {
    if (before.phase !== "performing") return;
    const sentences = announcements.over(before, next, { isReached: this.#isReached, nameOf: (id) => this.definition(id).name });
    this.#isReached = false;
    if (sentences.length > 0) this.callbacks.onSay(sentences);
  }

  show(next: Guided) {
    this.reporter.keep(next);
    const step = current(next);
    const { exercise } = this.store.get();
    this.store.set({
      guided: next, stage: STAGES[next.phase], repetitions: next.amount, paused: next.isPaused, set: next.sets,
      target: step?.target ?? null, exercise: step?.exerciseId ?? exercise,
    });
  }

  #countIn(state: Guided) {
    const step = current(state) as Step;
    this.callbacks.onSay(announcements.briefing(step, this.definition(step.exerciseId).name));
    void this.#countdown.run().then(() => this.apply({ kind: "begun" }));
  }

  /** Start or resume a set. */
  #perform(before: Guided, state: Guided) {
    this.watcher.reset();
    const remove = () => this.reporter.undo(state.sets);
    this.count = before.isOpen ? new CameraCount(remove, this.seenBefore, state.amount - this.seenBefore) : new CameraCount(remove);
    this.#timedBeforeMs = state.timedMs ?? 0;
    this.heldS = before.isOpen ? state.amount - Math.floor(this.#timedBeforeMs / 1000) : 0;
    this.store.set({ phase: "rest", form: null, elapsedS: 0 });
    this.stopwatch.start();
    this.#timer = setInterval(() => this.#tick(), EVERY_MS);
    if (!before.isOpen) this.reporter.beginSet(current(state) as Step, { byCamera: this.store.get().mode !== "manual", loadKg: this.callbacks.loadKg(), overridden: this.overridden });
    this.overridden = [];
  }

  /** Milliseconds of a hold that were timed by hand. */
  get #timedMs() {
    return this.#timedBeforeMs + this.stopwatch.lapMs;
  }

  /** Update the time; for a manual hold it is the count. */
  #tick() {
    const step = current(this.guided);
    this.store.set({ elapsedS: this.stopwatch.seconds });
    if (step?.unit !== "hold" || this.store.get().mode !== "manual") return;
    this.counted(this.heldS + Math.floor(this.#timedMs / 1000), this.#timedMs);
    if (this.guided.amount >= step.target) this.#reached();
  }

  counted(amount: number, timedMs?: number) {
    const { unit, target } = current(this.guided) as Step;
    if (amount > this.guided.amount && (unit === "repetitions" || amount === target)) ding(amount, target);
    this.apply({ kind: "amount", amount, timedMs });
  }

  /** The goal is reached: end the set. */
  #reached() {
    announce(announcements.reached(current(this.guided) as Step).join(" "));
    this.#isReached = true;
    this.finish();
  }

  /** Turn off the camera and the sensors. */
  closeCamera() {
    this.watcher.close();
    this.capture.stopSensors();
  }

  /** Stop the timer, the stopwatch and the countdown. */
  unwatch() {
    this.count.removeAll();
    clearInterval(this.#timer);
    this.stopwatch.stop();
    this.#countdown.cancel();
    this.watcher.paused = false;
  }

  /** Report the end of a set and the start of the rest. @param state state when the set ended */
  closeSet(state: Guided, entered: number, isResting = true) {
    const step = current(state) as Step;
    const timedMs = state.timedMs ?? 0;
    const isTimed = timedMs >= 1000 && this.store.get().mode === "manual" && !state.isOpen;
    const isOver = timedMs >= 1000 && !isTimed; // timed before a reload, or before the camera took over
    this.reporter.endSet(step, state.sets, { entered: isOver ? timedMs / 1000 : entered, lastedMs: isTimed ? this.#timedMs : null });
    const restS = state.restEndsMs === null ? step.restS : Math.max(0, Math.round((state.restEndsMs - Date.now()) / 1000));
    if (isResting && state.at + 1 < state.steps.length) this.reporter.rest(restS);
  }

  /** Whether the next set has to wait for the camera checks; it then starts by itself. */
  waitsForCamera() {
    if (this.store.get().mode === "manual" || this.watcher.isReady) return false;
    this.store.set({ armed: this.watcher.isOn });
    announce(t("five-checks-or-anyway"));
    return true;
  }

  watchForNext() {
    const step = current(this.guided);
    if (step) this.watcher.watchFor(this.definition(step.exerciseId));
  }

  /** Say how hard the latest set felt. */
  rate(rpe: number | null) {
    const latest = this.guided.done.at(-1);
    if (!latest || latest.set === null || rpe === (latest.rpe ?? null)) return;
    if (this.apply({ kind: "rated", rpe })) this.reporter.rate(latest.set, rpe);
  }
}
