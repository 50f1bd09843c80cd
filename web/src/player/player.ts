/**
 * Controller of a guided workout: what the athlete does, and what the server answers.
 * @module
 */

import { ding, wakeSounds } from "../coach/sounds.ts";
import { keepScreenOn, letScreenTurnOff } from "../coach/wake-lock.ts";
import { useSessionStore } from "../stores/session.ts";
import { announce } from "../ui/dom.ts";
import { current, isBegun, type Guided } from "./state-machine.ts";
import { continued, keptState, withTimedHold, type Progress } from "./kept-workout.ts";
import { GuidedWorkout } from "./guided-workout.ts";
import { Reporter } from "./reporter.ts";
import { amountsOf, hasMoved, openSet, seenOf, toGuidedState, type Execution } from "./resume.ts";
import * as announcements from "./announcements.ts";
import { t } from "../i18n/l10n.ts";
import type { Callbacks } from "./callbacks.ts";
import type { Watcher } from "../coach/watcher.ts";
import type { Answer } from "../live/http-transport.ts";

/** One guided workout on this page. */
export class Player extends GuidedWorkout {
  #isEnding = false;

  constructor(watcher: Watcher, callbacks: Callbacks) {
    super(watcher, callbacks, new Reporter({
      onCounted: (answer) => this.#answered(answer),
      onStanding: (execution) => this.#stands(execution),
      onRefused: (what) => this.#refused(what),
      onProblem: callbacks.onProblem,
    }));
  }

  /** Open an execution and resume it. @param how `takeOver` from another tab that has it open; `progress` in this browser, if the server is unreachable @returns its current state @throws {Problem} */
  async open(execution: Execution, { takeOver = false, progress = null }: {takeOver?: boolean, progress?: Progress | null} = {}): Promise<Execution> {
    await this.define([...execution.lines, ...execution.sets, ...(progress?.guided.steps ?? [])]);
    const [kept] = await Promise.all([keptState(execution.id), this.capture.find(execution.id, execution.athleteId)]);
    const now = await this.reporter.open(execution, { takeOver, isUnreachable: Boolean(execution.start || progress), plannedS: progress?.plannedS ?? null, lastMs: progress ? progress.lastMs ?? execution.nowMs : 0 });
    useSessionStore.set({ id: execution.id });
    if (progress) this.show(continued(progress.guided, Date.now()));
    else this.#take(now, kept);
    this.watchForNext();
    return now;
  }

  /** Whether the resumed set was counted manually before the reload; the server accepts no frames of it. */
  get countsByHand() {
    return this.guided.isOpen && !this.reporter.takesFrames;
  }

  /** Turn on the camera; false if it is not needed any more. @throws {CameraRefused} */
  async look(): Promise<boolean> {
    wakeSounds();
    this.store.set({ mode: "landmarks" });
    this.watchForNext();
    return this.watcher.open(() => this.capture.prepare(() => this.watcher.isOn));
  }

  /** Count manually from now on; the current set continues. */
  byHand() {
    wakeSounds();
    const { mode, guided } = this.store.get();
    if (mode !== "manual" && guided?.phase === "performing") {
      this.heldS = guided.amount;
      this.stopwatch.lap();
    }
    this.closeCamera();
    this.store.set({ mode: "manual", armed: false });
    announce(t("you-count-now"));
  }

  /** Start the next set. If a check is not green, `anyway` overrides it. */
  ready({ anyway = false }: {anyway?: boolean} = {}) {
    keepScreenOn();
    if (this.countsByHand && this.store.get().mode !== "manual") this.byHand();
    if (!(anyway && this.watcher.isOn) && this.waitsForCamera()) return;
    this.overridden = this.watcher.isReady ? [] : this.watcher.notGreen;
    this.store.set({ armed: false });
    this.apply({ kind: "ready" });
  }

  /** Cancel the countdown, or the wait for the checks. */
  cancel() {
    this.store.set({ armed: false });
    this.apply({ kind: "cancelled" });
  }

  /** Start a waiting set when the checks are green. */
  lit() {
    if (this.store.get().armed && this.watcher.isReady) this.ready();
  }

  /** Enter the amount of a set that was not counted. */
  log(amount: number) {
    const next = this.apply({ kind: "logged", amount, nowMs: Date.now() });
    if (next?.restEndsMs && next.restEndsMs <= Date.now()) this.rested(); // the rest ended while the amount was entered
  }

  /** Correct the amount of the latest set. */
  adjust(amount: number) {
    const latest = this.guided.done.at(-1);
    if (!latest || latest.set === null || amount === latest.amount) return;
    if (this.apply({ kind: "adjusted", amount })) this.reporter.correct(latest.set, amount - latest.amount);
  }

  /** Pause or resume the set. */
  pause() {
    const next = this.apply({ kind: "paused" });
    if (!next) return;
    this.watcher.paused = next.isPaused;
    this.stopwatch.pause(next.isPaused);
    this.reporter.pause(next.isPaused);
    announce(t(next.isPaused ? "paused" : "resumed"));
  }

  /** Add one repetition. */
  tap() {
    if (!this.isCorrectable) return;
    this.correct(1);
    this.reporter.add(this.guided.sets);
    ding(this.guided.amount, this.store.get().target);
  }

  /** Remove the last repetition. */
  undo() {
    if (!this.isCorrectable || this.guided.amount === 0) return;
    this.count.undo({ isDelayed: !this.reporter.session?.isCaughtUp });
    this.apply({ kind: "amount", amount: this.guided.amount - 1 });
    announce(t("repetitions-now", { count: this.guided.amount }));
  }

  /** Skip the set, or the rest of its exercise. */
  skip(whole: boolean) {
    const before = this.guided;
    const step = current(before);
    if (!step || this.isEnded) return;
    const began = isBegun(before);
    const others = before.steps.slice(before.at + 1).some(({ line }) => line === step.line);
    this.store.set({ armed: false });
    if (began) this.closeSet(before, 0);
    if (whole && (others || !began)) this.reporter.skip("exercise", step);
    else if (!began) this.reporter.skip("set", step);
    this.apply({ kind: "skipped", whole, nowMs: Date.now() });
    announce(t(whole ? "exercise-skipped" : "set-skipped"));
  }

  /** Make the rest longer or shorter. */
  moveRest(byS: number) {
    if (this.apply({ kind: "restMoved", byS, nowMs: Date.now() })) this.reporter.moveRest(byS);
  }

  /** The rest is over: start the next set if the page and the athlete are visible. */
  rested() {
    if (this.guided.phase !== "rest") return;
    const next = this.apply({ kind: "rested", isReady: !document.hidden && !this.reporter.clock.isForgotten && !this.waitsForCamera() });
    if (next?.phase === "instructions") this.callbacks.onSay(announcements.RESTED);
  }

  /** End the workout. */
  end() {
    const before = this.guided;
    if (isBegun(before) && !this.isEnded) this.closeSet(before, 0, false);
    return this.complete();
  }

  /** The page is visible again: check whether another device continued the workout. */
  returned() {
    if (this.store.get().guided && !this.isEnded) this.reporter.look();
  }

  /** Send what is pending, after the user signed in again or the server is back. */
  retry() {
    this.reporter.retry();
    this.capture.retry();
    if (this.isEnded) void this.complete();
  }

  /** Turn off the camera when the page is left; pending data stays stored. */
  leave() {
    letScreenTurnOff();
    this.unwatch();
    this.closeCamera();
    this.reporter.close();
  }

  /** Complete the workout: its last set has ended. */
  async complete() {
    letScreenTurnOff();
    this.unwatch();
    this.closeCamera();
    if (this.#isEnding) return;
    this.#isEnding = true;
    announce(t("completing-workout"));
    this.store.set({ stage: "summary" });
    try {
      const [id] = await Promise.all([this.reporter.complete(), this.capture.end()]);
      this.callbacks.onOver(id);
    } catch (error) {
      this.callbacks.onProblem(error);
    } finally { this.#isEnding = false; }
  }

  /** Apply the server's state, which is authoritative for completed sets and progress. */
  #stands(execution: Execution) {
    const { guided } = this.store.get();
    if (!guided || this.isEnded) return;
    if (execution.status === "completed") this.#endedElsewhere(execution.id);
    else if (hasMoved(guided, execution)) void this.define(execution.sets).then(() => this.#moved(execution)).catch(this.callbacks.onProblem);
    else this.apply({ kind: "confirmed", amounts: amountsOf(execution, guided.steps, guided.done) });
  }

  /** Show the state after another device continued the workout. */
  #moved(execution: Execution) {
    this.unwatch();
    this.store.set({ armed: false });
    this.reporter.stand(execution);
    this.#take(execution);
    this.watchForNext();
    this.callbacks.onMoved(this.guided.restEndsMs);
  }

  #endedElsewhere(id: string) {
    this.leave();
    this.store.set({ stage: "summary" });
    this.callbacks.onOver(id);
  }

  /** Show the state of an execution. */
  #take(execution: Execution, kept: Guided | null = null) {
    const open = openSet(execution);
    this.seenBefore = open ? seenOf(open) : 0;
    this.show(withTimedHold(toGuidedState(execution, Date.now()), kept));
  }

  /** Undo a change that the server refused. */
  #refused(what: string) {
    if (!this.store.get().guided || !this.isCorrectable) return;
    if (what === "undo") this.correct(1);
    else if (what === "repetitions") this.correct(-1);
  }

  /** @param answer to a chunk */
  #answered(answer: Answer) {
    const { guided } = this.store.get();
    if (!guided || answer.set !== guided.sets || guided.phase !== "performing") return;
    for (const cue of this.count.fresh(answer.cues)) this.callbacks.onCue(cue);
    this.count.server(answer, this.reporter.session?.isCaughtUp ?? true);
    if (current(guided)?.unit === "repetitions") this.counted(this.count.repetitions);
  }
}
