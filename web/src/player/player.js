/**
 * Carries a guided workout out: it counts down, counts, rests and goes on by itself.
 * @module
 */

import * as api from "../api/client.js";
import { Countdown } from "../coach/countdown.js";
import { comeBack } from "../coach/framing.js";
import { ding, wakeSounds } from "../coach/sounds.js";
import { keepScreenOn } from "../coach/wake-lock.js";
import { announce } from "../ui/dom.js";
import { useWorkoutStore } from "../stores/workout.js";
import { CameraCount } from "./camera-count.js";
import { after, current, isBegun, isReached } from "./state-machine.js";
import { amountWords } from "../workouts/plan.js";
import { amountsOf, Reporter } from "./reporter.js";
import { hasMoved, openSet, seenOf, standing } from "./resume.js";
import * as saying from "./announcements.js";
import { Stopwatch } from "./stopwatch.js";

/** @typedef {import("../coach/training.js").Cue} Cue */
/** @typedef {import("./state-machine.js").Guided} Guided */
/** @typedef {import("./state-machine.js").Happening} Happening */
/** @typedef {import("../workouts/plan.js").Step} Step */
/**
 * @typedef {object} Told
 * @property {(cue: Cue) => void} onCue
 * @property {(sentences: string[]) => void} onSay What a voice says to the athlete.
 * @property {(secondsLeft: number) => void} onCountdown
 * @property {(error: unknown) => void} onProblem
 * @property {(id: string) => void} onOver The workout was summed up.
 * @property {(restEndsMs: number | null) => void} onMoved Another device went on with it, and it is shown as it stands now.
 * @property {() => number | null} loadKg What is lifted in the set that begins.
 */

/** How often the time of a set is looked at. */
const EVERY_MS = 250;

/** Phases in the words that the page's other parts know. @type {Record<import("./state-machine.js").Phase, import("../stores/workout.js").Stage>} */
const STAGES = { instructions: "preflight", countdown: "countdown", performing: "counting", logging: "rest", rest: "rest", over: "rest" };

/** One workout on this page. */
export class Player {
  #store = useWorkoutStore;
  #reporter;
  #count = new CameraCount();
  #stopwatch = new Stopwatch();
  #timer = 0;
  /** @type {Map<string, any>} */
  #definitions = new Map();
  /** Lights that were not green when the athlete began all the same. @type {string[]} */
  #overridden = [];
  /** What the camera had counted of the set that goes on after a reload. */
  #seenBefore = 0;
  /** Seconds of a hold that the camera saw before a hand went on timing it. */
  #heldS = 0;
  #isEnding = false;
  /** The set ends by itself. */
  #isReached = false;
  #countdown;
  #watcher;
  #told;

  /** @param {import("../coach/watcher.js").Watcher} watcher @param {Told} told */
  constructor(watcher, told) {
    this.#watcher = watcher;
    this.#told = told;
    this.#countdown = new Countdown(told.onCountdown);
    this.#reporter = new Reporter({
      onCounted: (answer) => this.#answered(answer),
      onStanding: (execution) => this.#stands(execution),
      onRefused: (what) => this.#refused(what),
      onProblem: told.onProblem,
    });
  }

  /** The definition of an exercise, once the workout is open. @param {string} id */
  definition(id) {
    return this.#definitions.get(id) ?? null;
  }

  /** Go on with an execution where it stands. @param {import("./resume.js").Execution} execution @param {boolean} [takeOver] From another tab that has it open. @returns {Promise<import("./resume.js").Execution>} as it stands @throws {api.Problem} */
  async open(execution, takeOver = false) {
    for (const { exerciseId } of execution.lines) {
      if (!this.#definitions.has(exerciseId)) this.#definitions.set(exerciseId, await api.request(`/v1/exercises/${encodeURIComponent(exerciseId)}`));
    }
    const now = await this.#reporter.open(execution, takeOver);
    this.#take(now);
    return now;
  }

  /** Whether the set goes on that a hand counted before a reload: the server takes no frames of it. */
  get countsByHand() {
    return this.#guided.isOpen && !this.#reporter.takesFrames;
  }

  /** Switch the camera on; false where it was not wanted any more. @returns {Promise<boolean>} @throws {import("../coach/camera.js").CameraRefused} */
  async look() {
    wakeSounds();
    this.#store.set({ mode: "landmarks" });
    this.#watchForNext();
    return this.#watcher.open();
  }

  /** Count by hand from now on; a set under way goes on. */
  byHand() {
    wakeSounds();
    const { mode, guided } = this.#store.get();
    if (mode !== "manual" && guided?.phase === "performing") {
      this.#heldS = guided.amount;
      this.#stopwatch.lap();
    }
    this.#watcher.close();
    this.#store.set({ mode: "manual", armed: false });
    announce("You count from now on.");
  }

  /** The athlete is ready for the set that comes next; with a red light only if that is wished all the same. @param {{anyway?: boolean}} [wish] */
  ready({ anyway = false } = {}) {
    keepScreenOn();
    if (this.countsByHand && this.#store.get().mode !== "manual") this.byHand();
    if (!(anyway && this.#watcher.isOn) && this.#waitsForCamera()) return;
    this.#overridden = this.#watcher.isReady ? [] : this.#watcher.notGreen;
    this.#store.set({ armed: false });
    this.#do({ kind: "ready" });
  }

  /** The set does not wait for the lights any more, or the countdown is called off. */
  cancel() {
    this.#store.set({ armed: false });
    this.#do({ kind: "cancelled" });
  }

  /** The lights have changed: a set that waits for them may begin. */
  lit() {
    if (this.#store.get().armed && this.#watcher.isReady) this.ready();
  }

  /** The set is over. */
  finish() {
    const { mode } = this.#store.get();
    this.#do({ kind: "finished", by: mode === "manual" ? "hand" : "camera", nowMs: Date.now() });
  }

  /** Say how much a set was that nobody counted. @param {number} amount */
  log(amount) {
    const next = this.#do({ kind: "logged", amount, nowMs: Date.now() });
    if (next?.restEndsMs && next.restEndsMs <= Date.now()) this.rested(); // it was over before that was said
  }

  /** Say how much the latest set really was. @param {number} amount */
  adjust(amount) {
    const latest = this.#guided.done.at(-1);
    if (!latest || latest.set === null || amount === latest.amount) return;
    if (this.#do({ kind: "adjusted", amount })) this.#reporter.correct(latest.set, amount - latest.amount);
  }

  /** Pause the set, or go on. */
  pause() {
    const next = this.#do({ kind: "paused" });
    if (!next) return;
    this.#watcher.paused = next.isPaused;
    this.#stopwatch.pause(next.isPaused);
    this.#reporter.pause(next.isPaused);
    announce(next.isPaused ? "Paused." : "It goes on.");
  }

  /** One repetition more, as the athlete saw it. */
  tap() {
    if (!this.#isCorrectable) return;
    this.#reporter.add(this.#guided.sets);
    this.#correct(1);
    ding();
  }

  /** The latest repetition was none. */
  undo() {
    if (!this.#isCorrectable || this.#guided.amount === 0) return;
    this.#reporter.undo(this.#guided.sets);
    this.#correct(-1);
    announce(`${amountWords(this.#guided.amount, "repetitions")}.`);
  }

  /** Leave out the set, or all that is left of its exercise. @param {boolean} whole */
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
    announce(whole ? "The exercise is skipped." : "The set is skipped.");
  }

  /** The rest is to be longer or shorter. @param {number} byS */
  moveRest(byS) {
    if (this.#do({ kind: "restMoved", byS, nowMs: Date.now() })) this.#reporter.moveRest(byS);
  }

  /** The rest is over: the next set follows by itself, if somebody looks and can be seen. */
  rested() {
    if (this.#guided.phase !== "rest") return;
    const next = this.#do({ kind: "rested", isReady: !document.hidden && !this.#waitsForCamera() });
    if (next?.phase === "instructions") this.#told.onSay(saying.RESTED);
  }

  /** End the workout, whatever is left of it. */
  end() {
    const before = this.#guided;
    if (isBegun(before) && !this.#isEnded) this.#close(before, 0, false);
    return this.#complete();
  }

  /** Somebody comes back to the page: another device may have gone on meanwhile. */
  returned() {
    if (this.#store.get().guided && !this.#isEnded) this.#reporter.look();
  }

  /** Somebody signed in again, or the server was mended: what waits is sent. */
  retry() {
    this.#reporter.retry();
    if (this.#isEnded) void this.#complete();
  }

  /** The page is left: no camera stays on, and what waits is kept. */
  leave() {
    this.#unwatch();
    this.#watcher.close();
    this.#reporter.close();
  }

  /** A frame was seen. @param {any} frame @param {import("../motion/device-counter.js").Counted} counted */
  frame(frame, counted) {
    this.#store.set({ inFrame: counted.inFrame });
    const { guided, mode } = this.#store.get();
    if (guided?.phase !== "performing" || guided.isPaused || mode !== "landmarks") return;
    const step = /** @type {Step} */ (current(guided));
    this.#reporter.push(frame);
    if (this.#count.hasLeft(frame.timeMs, counted.inFrame)) this.#told.onCue(comeBack(frame.timeMs));
    this.#count.device(counted.repetitions);
    this.#store.set({ phase: counted.phase, form: counted.form });
    this.#counted(step.unit === "hold" ? Math.floor(counted.heldMs / 1000) : this.#count.repetitions);
    if (isReached({ amount: this.#guided.amount, target: step.target }, counted.phase, this.definition(step.exerciseId).outward)) this.#reached();
  }

  /** @returns {Guided} */
  get #guided() {
    return /** @type {Guided} */ (this.#store.get().guided);
  }

  /** Whether the workout was ended: nothing more is done of it. */
  get #isEnded() {
    return this.#store.get().stage === "summary";
  }

  /** Whether a hand may correct the count now. */
  get #isCorrectable() {
    const { phase, isPaused } = this.#guided;
    return !this.#isEnded && phase === "performing" && !isPaused && current(this.#guided)?.unit === "repetitions";
  }

  /** @param {1 | -1} by */
  #correct(by) {
    this.#count.correct(by);
    this.#do({ kind: "amount", amount: this.#guided.amount + by });
  }

  /** Let something happen, and do what follows from it. @param {Happening} happening @returns {Guided | null} how it stands; null where it changed nothing */
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

  /** Say that a set is over, and how long the rest is that begins with it. @param {Guided} before @param {Guided} next */
  #tell(before, next) {
    if (before.phase !== "performing") return;
    const said = saying.over(before, next, { isReached: this.#isReached, nameOf: (id) => this.definition(id).name });
    this.#isReached = false;
    if (said.length > 0) this.#told.onSay(said);
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
    this.#told.onSay(saying.briefing(step, this.definition(step.exerciseId).name));
    void this.#countdown.run().then(() => this.#do({ kind: "begun" }));
  }

  /** A set begins, or goes on. @param {Guided} before @param {Guided} state */
  #perform(before, state) {
    const { mode } = this.#store.get();
    this.#watcher.reset();
    this.#count = before.isOpen ? new CameraCount(this.#seenBefore, state.amount - this.#seenBefore) : new CameraCount();
    this.#heldS = 0;
    this.#store.set({ phase: "rest", form: null, elapsedS: 0 });
    this.#stopwatch.start();
    this.#timer = setInterval(() => this.#tick(), EVERY_MS);
    if (!before.isOpen) this.#reporter.beginSet(/** @type {Step} */ (current(state)), { byCamera: mode !== "manual", loadKg: this.#told.loadKg(), overridden: this.#overridden });
    this.#overridden = [];
  }

  /** The time goes on; of a hold by hand it is the count. */
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

  /** All that was wanted is done: the set ends by itself. */
  #reached() {
    announce(saying.reached(/** @type {Step} */ (current(this.#guided))).join(" "));
    this.#isReached = true;
    this.finish();
  }

  /** No time runs, and nothing is counted in. */
  #unwatch() {
    clearInterval(this.#timer);
    this.#stopwatch.stop();
    this.#countdown.cancel();
    this.#watcher.paused = false;
  }

  /** Tell the server that a set is over, and that the athlete rests. @param {Guided} state as it was performed @param {number} said @param {boolean} [isResting] */
  #close(state, said, isResting = true) {
    const step = /** @type {Step} */ (current(state));
    const isTimed = step.unit === "hold" && state.amount > this.#heldS && this.#store.get().mode === "manual";
    this.#reporter.endSet(step, state.sets, { said, lastedMs: isTimed ? this.#stopwatch.lapMs : null });
    const restS = state.restEndsMs === null ? step.restS : Math.max(0, Math.round((state.restEndsMs - Date.now()) / 1000));
    if (isResting && state.at + 1 < state.steps.length) this.#reporter.rest(restS);
  }

  async #complete() {
    this.#unwatch();
    this.#watcher.close();
    if (this.#isEnding) return;
    this.#isEnding = true;
    announce("Your workout is being summed up.");
    this.#store.set({ stage: "summary" });
    try {
      this.#told.onOver(await this.#reporter.complete());
    } catch (error) {
      this.#told.onProblem(error);
    } finally { this.#isEnding = false; }
  }

  /** Whether the next set has to wait until the camera sees its athlete; then it begins by itself. */
  #waitsForCamera() {
    if (this.#store.get().mode === "manual" || this.#watcher.isReady) return false;
    this.#store.set({ armed: this.#watcher.isOn });
    announce("The set starts as soon as all five lights are green, or all the same if you say so.");
    return true;
  }

  #watchForNext() {
    const step = current(this.#guided);
    if (step) this.#watcher.watchFor(this.definition(step.exerciseId));
  }

  /** The server has the last word on sets that are over, and on how far the workout is. @param {import("./resume.js").Execution} execution */
  #stands(execution) {
    const { guided } = this.#store.get();
    if (!guided || this.#isEnded) return;
    if (execution.status === "completed") this.#endedElsewhere(execution.id);
    else if (hasMoved(guided, execution)) this.#moved(execution);
    else this.#do({ kind: "told", amounts: amountsOf(execution, guided.steps, guided.done) });
  }

  /** Another device went on: what is shown is how it stands. @param {import("./resume.js").Execution} execution */
  #moved(execution) {
    this.#unwatch();
    this.#store.set({ armed: false });
    this.#reporter.stand(execution);
    this.#take(execution);
    this.#told.onMoved(this.#guided.restEndsMs);
  }

  /** @param {string} id */
  #endedElsewhere(id) {
    this.leave();
    this.#store.set({ stage: "summary" });
    this.#told.onOver(id);
  }

  /** Show a workout as the server says that it stands. @param {import("./resume.js").Execution} execution */
  #take(execution) {
    const open = openSet(execution);
    this.#seenBefore = open ? seenOf(open) : 0;
    this.#show(standing(execution, Date.now()));
    this.#watchForNext();
  }

  /** What was shown as done and was not is taken back. @param {string} what */
  #refused(what) {
    if (!this.#store.get().guided || !this.#isCorrectable) return;
    if (what === "undo") this.#correct(1);
    else if (what === "repetitions") this.#correct(-1);
  }

  /** @param {any} answer to a chunk */
  #answered(answer) {
    const { guided } = this.#store.get();
    if (answer.set !== guided?.sets || guided.phase !== "performing") return;
    for (const cue of this.#count.fresh(answer.cues)) this.#told.onCue(cue);
    this.#count.server(answer);
    if (current(guided)?.unit === "repetitions") this.#counted(this.#count.repetitions);
  }
}
