/**
 * Controller of a guided workout: countdown, counting, rests, and the transitions between them.
 * @module
 */

import * as api from "../api/client.js";
import { Countdown } from "../coach/countdown.js";
import { leftFrameCue } from "../coach/framing.js";
import { ding, wakeSounds } from "../coach/sounds.js";
import { keepScreenOn } from "../coach/wake-lock.js";
import { announce } from "../ui/dom.js";
import { useWorkoutStore } from "../stores/workout.js";
import { CameraCount } from "./camera-count.js";
import { after, current, isBegun, isReached } from "./state-machine.js";
import { amountWords } from "../workouts/plan.js";
import { amountsOf, Reporter } from "./reporter.js";
import { hasMoved, openSet, seenOf, toGuidedState } from "./resume.js";
import * as announcements from "./announcements.js";
import { Stopwatch } from "./stopwatch.js";

/** @typedef {import("../coach/training.js").Cue} Cue */
/** @typedef {import("./state-machine.js").Guided} Guided */
/** @typedef {import("./state-machine.js").Happening} Happening */
/** @typedef {import("../workouts/plan.js").Step} Step */
/**
 * @typedef {object} Callbacks
 * @property {(cue: Cue) => void} onCue
 * @property {(sentences: string[]) => void} onSay sentences to speak
 * @property {(secondsLeft: number) => void} onCountdown
 * @property {(error: unknown) => void} onProblem
 * @property {(id: string) => void} onOver the workout is completed
 * @property {(restEndsMs: number | null) => void} onMoved another device continued the workout; its new state is shown
 * @property {() => number | null} loadKg load of the set that begins
 */

/** Interval for updating the time of a set. */
const EVERY_MS = 250;

/** Stage of the training store by phase. @type {Record<import("./state-machine.js").Phase, import("../stores/workout.js").Stage>} */
const STAGES = { instructions: "preflight", countdown: "countdown", performing: "counting", logging: "rest", rest: "rest", over: "rest" };

/** One guided workout on this page. */
export class Player {
  #store = useWorkoutStore;
  #reporter;
  #count = new CameraCount();
  #stopwatch = new Stopwatch();
  #timer = 0;
  /** @type {Map<string, any>} */
  #definitions = new Map();
  /** Checks that were not green when the athlete started anyway. @type {string[]} */
  #overridden = [];
  /** Camera count of a set that resumed after a reload. */
  #seenBefore = 0;
  /** Seconds of a hold that the camera counted before manual timing took over. */
  #heldS = 0;
  #isEnding = false;
  /** Whether the set ended because its goal was reached. */
  #isReached = false;
  #countdown;
  #watcher;
  #callbacks;

  /** @param {import("../coach/watcher.js").Watcher} watcher @param {Callbacks} callbacks */
  constructor(watcher, callbacks) {
    this.#watcher = watcher;
    this.#callbacks = callbacks;
    this.#countdown = new Countdown(callbacks.onCountdown);
    this.#reporter = new Reporter({
      onCounted: (answer) => this.#answered(answer),
      onStanding: (execution) => this.#stands(execution),
      onRefused: (what) => this.#refused(what),
      onProblem: callbacks.onProblem,
    });
  }

  /** The definition of an exercise of the open workout. @param {string} id */
  definition(id) {
    return this.#definitions.get(id) ?? null;
  }

  /** Open an execution and resume it. @param {import("./resume.js").Execution} execution @param {boolean} [takeOver] from another tab that has it open @returns {Promise<import("./resume.js").Execution>} its current state @throws {api.Problem} */
  async open(execution, takeOver = false) {
    for (const { exerciseId } of execution.lines) {
      if (!this.#definitions.has(exerciseId)) this.#definitions.set(exerciseId, await api.request(`/v1/exercises/${encodeURIComponent(exerciseId)}`));
    }
    const now = await this.#reporter.open(execution, takeOver);
    this.#take(now);
    return now;
  }

  /** Whether the resumed set was counted manually before the reload; the server accepts no frames of it. */
  get countsByHand() {
    return this.#guided.isOpen && !this.#reporter.takesFrames;
  }

  /** Turn on the camera; false if it is not needed any more. @returns {Promise<boolean>} @throws {import("../coach/camera.js").CameraRefused} */
  async look() {
    wakeSounds();
    this.#store.set({ mode: "landmarks" });
    this.#watchForNext();
    return this.#watcher.open();
  }

  /** Count manually from now on; the current set continues. */
  byHand() {
    wakeSounds();
    const { mode, guided } = this.#store.get();
    if (mode !== "manual" && guided?.phase === "performing") {
      this.#heldS = guided.amount;
      this.#stopwatch.lap();
    }
    this.#watcher.close();
    this.#store.set({ mode: "manual", armed: false });
    announce("You count manually from now on.");
  }

  /** Start the next set. If a check is not green, `anyway` overrides it. @param {{anyway?: boolean}} [options] */
  ready({ anyway = false } = {}) {
    keepScreenOn();
    if (this.countsByHand && this.#store.get().mode !== "manual") this.byHand();
    if (!(anyway && this.#watcher.isOn) && this.#waitsForCamera()) return;
    this.#overridden = this.#watcher.isReady ? [] : this.#watcher.notGreen;
    this.#store.set({ armed: false });
    this.#do({ kind: "ready" });
  }

  /** Cancel the countdown, or the wait for the checks. */
  cancel() {
    this.#store.set({ armed: false });
    this.#do({ kind: "cancelled" });
  }

  /** Start a waiting set when the checks are green. */
  lit() {
    if (this.#store.get().armed && this.#watcher.isReady) this.ready();
  }

  /** Finish the set. */
  finish() {
    const { mode } = this.#store.get();
    this.#do({ kind: "finished", by: mode === "manual" ? "hand" : "camera", nowMs: Date.now() });
  }

  /** Enter the amount of a set that was not counted. @param {number} amount */
  log(amount) {
    const next = this.#do({ kind: "logged", amount, nowMs: Date.now() });
    if (next?.restEndsMs && next.restEndsMs <= Date.now()) this.rested(); // the rest ended while the amount was entered
  }

  /** Correct the amount of the latest set. @param {number} amount */
  adjust(amount) {
    const latest = this.#guided.done.at(-1);
    if (!latest || latest.set === null || amount === latest.amount) return;
    if (this.#do({ kind: "adjusted", amount })) this.#reporter.correct(latest.set, amount - latest.amount);
  }

  /** Pause or resume the set. */
  pause() {
    const next = this.#do({ kind: "paused" });
    if (!next) return;
    this.#watcher.paused = next.isPaused;
    this.#stopwatch.pause(next.isPaused);
    this.#reporter.pause(next.isPaused);
    announce(next.isPaused ? "Paused." : "Resumed.");
  }

  /** Add one repetition. */
  tap() {
    if (!this.#isCorrectable) return;
    this.#reporter.add(this.#guided.sets);
    this.#correct(1);
    ding();
  }

  /** Remove the last repetition. */
  undo() {
    if (!this.#isCorrectable || this.#guided.amount === 0) return;
    this.#reporter.undo(this.#guided.sets);
    this.#correct(-1);
    announce(`${amountWords(this.#guided.amount, "repetitions")}.`);
  }

  /** Skip the set, or the rest of its exercise. @param {boolean} whole */
  skip(whole) {
    const before = this.#guided;
    const step = current(before);
    if (!step || this.#isEnded) return;
    const began = isBegun(before);
    const others = before.steps.slice(before.at + 1).some(({ line }) => line === step.line);
    this.#store.set({ armed: false });
    if (began) this.#close(before, 0);
    if (whole && (others || !began)) this.#reporter.skip("exercise");
    else if (!began) this.#reporter.skip("set");
    this.#do({ kind: "skipped", whole, nowMs: Date.now() });
    announce(whole ? "Exercise skipped." : "Set skipped.");
  }

  /** Make the rest longer or shorter. @param {number} byS */
  moveRest(byS) {
    if (this.#do({ kind: "restMoved", byS, nowMs: Date.now() })) this.#reporter.moveRest(byS);
  }

  /** The rest is over: start the next set if the page and the athlete are visible. */
  rested() {
    if (this.#guided.phase !== "rest") return;
    const next = this.#do({ kind: "rested", isReady: !document.hidden && !this.#waitsForCamera() });
    if (next?.phase === "instructions") this.#callbacks.onSay(announcements.RESTED);
  }

  /** End the workout. */
  end() {
    const before = this.#guided;
    if (isBegun(before) && !this.#isEnded) this.#close(before, 0, false);
    return this.#complete();
  }

  /** The page is visible again: check whether another device continued the workout. */
  returned() {
    if (this.#store.get().guided && !this.#isEnded) this.#reporter.look();
  }

  /** Send what is pending, after the user signed in again or the server is back. */
  retry() {
    this.#reporter.retry();
    if (this.#isEnded) void this.#complete();
  }

  /** Turn off the camera when the page is left; pending data stays stored. */
  leave() {
    this.#unwatch();
    this.#watcher.close();
    this.#reporter.close();
  }

  /** Handle a frame. @param {any} frame @param {import("../motion/device-counter.js").Counted} counted */
  frame(frame, counted) {
    this.#store.set({ inFrame: counted.inFrame });
    const { guided, mode } = this.#store.get();
    if (guided?.phase !== "performing" || guided.isPaused || mode !== "landmarks") return;
    const step = /** @type {Step} */ (current(guided));
    this.#reporter.push(frame);
    if (this.#count.hasLeft(frame.timeMs, counted.inFrame)) this.#callbacks.onCue(leftFrameCue(frame.timeMs));
    this.#count.device(counted.repetitions);
    this.#store.set({ phase: counted.phase, form: counted.form });
    this.#counted(step.unit === "hold" ? Math.floor(counted.heldMs / 1000) : this.#count.repetitions);
    if (isReached({ amount: this.#guided.amount, target: step.target }, counted.phase, this.definition(step.exerciseId).outward)) this.#reached();
  }

  /** @returns {Guided} */
  get #guided() {
    return /** @type {Guided} */ (this.#store.get().guided);
  }

  /** Whether the workout has ended. */
  get #isEnded() {
    return this.#store.get().stage === "summary";
  }

  /** Whether the count can be corrected now. */
  get #isCorrectable() {
    const { phase, isPaused } = this.#guided;
    return !this.#isEnded && phase === "performing" && !isPaused && current(this.#guided)?.unit === "repetitions";
  }

  /** @param {1 | -1} by */
  #correct(by) {
    this.#count.correct(by);
    this.#do({ kind: "amount", amount: this.#guided.amount + by });
  }

  /** Apply an event and its consequences. @param {Happening} happening @returns {Guided | null} the new state; null if nothing changed */
  #do(happening) {
    const before = this.#guided;
    const next = after(before, happening);
    if (next === before || this.#isEnded) return null;
    if (happening.kind === "finished" && next.phase !== "logging") this.#close(before, 0);
    if (happening.kind === "logged") this.#close(before, happening.amount);
    if (next.phase !== before.phase) this.#unwatch();
    this.#show(next);
    if (next.at !== before.at) this.#watchForNext();
    if (next.phase === before.phase) return next;
    this.#tell(before, next);
    if (next.phase === "countdown") this.#countIn(next);
    if (next.phase === "performing") this.#perform(before, next);
    return next;
  }

  /** Announce the end of a set and the following rest. @param {Guided} before @param {Guided} next */
  #tell(before, next) {
    if (before.phase !== "performing") return;
    const sentences = announcements.over(before, next, { isReached: this.#isReached, nameOf: (id) => this.definition(id).name });
    this.#isReached = false;
    if (sentences.length > 0) this.#callbacks.onSay(sentences);
  }

  /** @param {Guided} next */
  #show(next) {
    const step = current(next);
    const { exercise } = this.#store.get();
    this.#store.set({
      guided: next, stage: STAGES[next.phase], repetitions: next.amount, paused: next.isPaused, set: next.sets,
      target: step?.target ?? null, exercise: step?.exerciseId ?? exercise,
    });
  }

  /** @param {Guided} state */
  #countIn(state) {
    const step = /** @type {Step} */ (current(state));
    this.#callbacks.onSay(announcements.briefing(step, this.definition(step.exerciseId).name));
    void this.#countdown.run().then(() => this.#do({ kind: "begun" }));
  }

  /** Start or resume a set. @param {Guided} before @param {Guided} state */
  #perform(before, state) {
    const { mode } = this.#store.get();
    this.#watcher.reset();
    this.#count = before.isOpen ? new CameraCount(this.#seenBefore, state.amount - this.#seenBefore) : new CameraCount();
    this.#heldS = 0;
    this.#store.set({ phase: "rest", form: null, elapsedS: 0 });
    this.#stopwatch.start();
    this.#timer = setInterval(() => this.#tick(), EVERY_MS);
    if (!before.isOpen) this.#reporter.beginSet(/** @type {Step} */ (current(state)), { byCamera: mode !== "manual", loadKg: this.#callbacks.loadKg(), overridden: this.#overridden });
    this.#overridden = [];
  }

  /** Update the time; for a manual hold it is the count. */
  #tick() {
    const { mode } = this.#store.get();
    const step = current(this.#guided);
    this.#store.set({ elapsedS: this.#stopwatch.seconds });
    if (step?.unit !== "hold" || mode !== "manual") return;
    this.#counted(this.#heldS + Math.floor(this.#stopwatch.lapMs / 1000));
    if (this.#guided.amount >= step.target) this.#reached();
  }

  /** @param {number} amount */
  #counted(amount) {
    if (amount > this.#guided.amount && current(this.#guided)?.unit === "repetitions") ding();
    this.#do({ kind: "amount", amount });
  }

  /** The goal is reached: end the set. */
  #reached() {
    announce(announcements.reached(/** @type {Step} */ (current(this.#guided))).join(" "));
    this.#isReached = true;
    this.finish();
  }

  /** Stop the timer, the stopwatch and the countdown. */
  #unwatch() {
    clearInterval(this.#timer);
    this.#stopwatch.stop();
    this.#countdown.cancel();
    this.#watcher.paused = false;
  }

  /** Report the end of a set and the start of the rest. @param {Guided} state state when the set ended @param {number} entered @param {boolean} [isResting] */
  #close(state, entered, isResting = true) {
    const step = /** @type {Step} */ (current(state));
    const isTimed = step.unit === "hold" && state.amount > this.#heldS && this.#store.get().mode === "manual";
    this.#reporter.endSet(step, state.sets, { entered, lastedMs: isTimed ? this.#stopwatch.lapMs : null });
    const restS = state.restEndsMs === null ? step.restS : Math.max(0, Math.round((state.restEndsMs - Date.now()) / 1000));
    if (isResting && state.at + 1 < state.steps.length) this.#reporter.rest(restS);
  }

  async #complete() {
    this.#unwatch();
    this.#watcher.close();
    if (this.#isEnding) return;
    this.#isEnding = true;
    announce("Completing your workout …");
    this.#store.set({ stage: "summary" });
    try {
      this.#callbacks.onOver(await this.#reporter.complete());
    } catch (error) {
      this.#callbacks.onProblem(error);
    } finally { this.#isEnding = false; }
  }

  /** Whether the next set has to wait for the camera checks; it then starts by itself. */
  #waitsForCamera() {
    if (this.#store.get().mode === "manual" || this.#watcher.isReady) return false;
    this.#store.set({ armed: this.#watcher.isOn });
    announce("The set starts as soon as all five checks are green. You can also start anyway.");
    return true;
  }

  #watchForNext() {
    const step = current(this.#guided);
    if (step) this.#watcher.watchFor(this.definition(step.exerciseId));
  }

  /** Apply the server's state, which is authoritative for completed sets and progress. @param {import("./resume.js").Execution} execution */
  #stands(execution) {
    const { guided } = this.#store.get();
    if (!guided || this.#isEnded) return;
    if (execution.status === "completed") this.#endedElsewhere(execution.id);
    else if (hasMoved(guided, execution)) this.#moved(execution);
    else this.#do({ kind: "confirmed", amounts: amountsOf(execution, guided.steps, guided.done) });
  }

  /** Show the state after another device continued the workout. @param {import("./resume.js").Execution} execution */
  #moved(execution) {
    this.#unwatch();
    this.#store.set({ armed: false });
    this.#reporter.stand(execution);
    this.#take(execution);
    this.#callbacks.onMoved(this.#guided.restEndsMs);
  }

  /** @param {string} id */
  #endedElsewhere(id) {
    this.leave();
    this.#store.set({ stage: "summary" });
    this.#callbacks.onOver(id);
  }

  /** Show the state of an execution. @param {import("./resume.js").Execution} execution */
  #take(execution) {
    const open = openSet(execution);
    this.#seenBefore = open ? seenOf(open) : 0;
    this.#show(toGuidedState(execution, Date.now()));
    this.#watchForNext();
  }

  /** Undo a change that the server refused. @param {string} what */
  #refused(what) {
    if (!this.#store.get().guided || !this.#isCorrectable) return;
    if (what === "undo") this.#correct(1);
    else if (what === "repetitions") this.#correct(-1);
  }

  /** @param {any} answer to a chunk */
  #answered(answer) {
    const { guided } = this.#store.get();
    if (answer.set !== guided?.sets || guided.phase !== "performing") return;
    for (const cue of this.#count.fresh(answer.cues)) this.#callbacks.onCue(cue);
    this.#count.server(answer);
    if (current(guided)?.unit === "repetitions") this.#counted(this.#count.repetitions);
  }
}
