/**
 * Reports a workout to the server, in order and independent of the network: each step is stored in
 * the browser first and sent afterwards.
 * @module
 */

import * as api from "../api/client.ts";
import { createTransport } from "../live/transports.ts";
import { LiveSession } from "../live/live-session.ts";
import { renew } from "../api/credentials.ts";
import { useWorkoutStore } from "../stores/workout.ts";
import { onDetail } from "../ui/dom.ts";
import { constraintsOf } from "../ui/schema-fields.ts";
import * as workoutApi from "../workouts/workout-api.ts";
import { earlierDataSent } from "./earlier-data.ts";
import { PendingCorrection } from "./pending-correction.ts";
import { openSet, type Execution } from "./resume.ts";
import { Standing } from "./standing.ts";
import { WorkoutClock } from "./workout-clock.ts";
import type { Step } from "../workouts/plan.ts";
import type { Guided } from "./state-machine.ts";
import type { Answer } from "../live/http-transport.ts";
import type { PoseFrame } from "../live/pose-source.ts";

interface Callbacks {
  /** the server's count up to a chunk */
  onCounted: (answer: Answer) => void;
  /** state of the workout, once all requests are answered */
  onStanding: (execution: Execution) => void;
  /** the server refused a request */
  onRefused: (what: string) => void;
  onProblem: (error: unknown) => void;
}

/** Maximum length of a rest: an hour. */
const LONGEST_REST_S = 3600;

/** Maximum number of repetitions per request. */
const MOST_AT_ONCE = Number(constraintsOf("LogRepetitions.repetitions").max);

/** Connection of one workout to the server. */
export class Reporter {
  #store = useWorkoutStore;
  #live: LiveSession | null = null;
  /** Time of the workout, and when the last thing happened in it. */
  clock = new WorkoutClock(() => this.#live?.keptToMs ?? 0);
  /** The workout as it began. */
  #execution: Execution | null = null;
  /** Planned length of the rest; null if there is none. */
  #plannedS: number | null = null;
  #correction = new PendingCorrection((set, by) => this.#correct(set, by));
  #callbacks;
  #standing;

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks;
    this.#standing = new Standing({ isPending: () => this.#correction.isPending, onStanding: callbacks.onStanding });
  }

  /** The session; null before it is open. */
  get session() {
    return this.#live;
  }

  /** The line of the plan that a step belongs to. */
  lineOf({ line }: Step) {
    return (this.#execution as Execution).lines[line];
  }

  /** Whether the current set accepts frames. */
  get takesFrames() {
    return this.#live?.isSetOpen ?? false;
  }

  /** Whether the workout is being completed, now or by an earlier page. */
  get isCompleting() {
    return this.#live?.isCompleting ?? false;
  }

  /** Open an execution; pending data of this browser is sent first, unless the server is unreachable. @param how `takeOver` from another tab that has it open; `plannedS`: length of the rest; `lastMs`: when the last thing happened, as far as this browser knows @returns its state afterwards @throws {api.Problem} */
  async open(execution: Execution, { takeOver, isUnreachable, plannedS, lastMs }: {takeOver: boolean, isUnreachable: boolean, plannedS: number | null, lastMs: number}): Promise<Execution> {
    const { id, workoutId, athleteId, lines, sets, start } = execution;
    this.#plannedS = plannedS;
    this.#execution = { ...execution, start: undefined };
    const set = openSet(execution);
    this.clock.open(execution, lastMs);
    const isSetOpen = set !== null && set.source !== "manual";
    const exercise = set?.exerciseId ?? lines[0].exerciseId;
    this.#live?.close(); // from an earlier attempt that failed
    const live = await LiveSession.adopt({ sessionId: id, workoutId: workoutId ?? id, athleteId, exercise, startedAt: this.clock.zeroMs, set: sets.length, isSetOpen, refresh: renew, transport: createTransport(), takeOver, start });
    this.#standing.follow(id, isUnreachable ? await live.waitingAsks() : 0);
    this.#listenTo(live);
    api.stayOnPage();
    if (isUnreachable) return execution;
    await earlierDataSent(live, this.#callbacks.onProblem); // otherwise steps might be repeated
    const now = await workoutApi.execution(id);
    this.stand(now);
    return now;
  }

  /** Continue from the server's state of the workout. */
  stand(execution: Execution) {
    const { sets, rest } = execution, set = sets.at(-1);
    this.clock.stand(execution);
    this.#live?.stand({ set: sets.length, isSetOpen: set?.status === "underway" && set.source !== "manual" });
    this.#plannedS = rest?.plannedS ?? null;
  }

  /** Store the state of the page, to continue with it. */
  keep(guided: Guided) {
    this.#live?.keepProgress({ execution: this.#execution, guided, plannedS: this.#plannedS, lastMs: this.clock.lastMs });
  }

  /** Check the state of the workout: another device may have continued. */
  look() {
    this.#standing.look();
  }

  push(frame: PoseFrame) {
    this.#live?.push(frame);
  }

  pause(isPaused: boolean) {
    if (!isPaused) this.clock.act(); // a device that wakes up pauses the set when it has lost its camera
    if (isPaused) this.#live?.pause();
    else this.#live?.resume();
  }

  /** Start the next set. @param how `overridden`: checks that were not green */
  beginSet(step: Step, { byCamera, loadKg, overridden }: {byCamera: boolean, loadKg: number | null, overridden: string[]}) {
    this.#correction.settle();
    this.#standing.requested();
    this.#plannedS = null;
    this.#live?.nextSet(step.exerciseId, { byCamera, loadKg, atMs: this.clock.act() });
    if (byCamera && overridden.length > 0) this.#live?.override(overridden, performance.now());
  }

  /** End a set. `entered` is the amount entered by hand: 0 if the camera or single taps counted. @param how `lastedMs`: length of a manually timed hold */
  endSet(step: Step, set: number, { entered, lastedMs }: {entered: number, lastedMs: number | null}) {
    const { isForgotten } = this.clock; // nobody knows how long a forgotten hold was
    const heldMs = lastedMs === null ? 1000 * entered : isForgotten ? 0 : lastedMs;
    const atMs = this.clock.end();
    if (step.unit === "hold" && heldMs > 0) this.#ask("duration", { set, durationMs: Math.round(heldMs), atMs });
    if (step.unit === "repetitions") this.#log(set, entered);
    if (this.takesFrames) this.#live?.endSet();
    else this.#ask("finish", { set, endMs: atMs });
  }

  /** Start a rest. */
  rest(plannedS: number) {
    const atMs = this.clock.end();
    this.#plannedS = plannedS;
    this.clock.rest(plannedS, atMs);
    this.#ask("rest", { plannedS, atMs });
  }

  /** Make the rest longer or shorter. */
  moveRest(byS: number) {
    if (this.#plannedS === null) return;
    this.#plannedS = Math.min(Math.max(0, this.#plannedS + byS), LONGEST_REST_S);
    this.clock.rest(this.#plannedS);
    this.#ask("rest", { plannedS: this.#plannedS });
  }

  /** Add one repetition. */
  add(set: number) {
    this.#ask("repetitions", { set, repetitions: 1, atMs: this.clock.act() });
  }

  /** Remove the last repetition. */
  undo(set: number) {
    this.#live?.flush(); // the repetition may be in frames that are not sent yet
    this.#ask("undo", { set });
  }

  /** Report how hard a set felt. */
  rate(set: number, rpe: number | null) {
    this.#ask("rating", { set, rpe });
  }

  /** Skip a set, or the rest of its exercise, unless another device did. */
  skip(what: "set" | "exercise", { line, set }: Step) {
    this.#ask("skip", { what, line: line + 1, round: set });
  }

  /** Correct the repetitions of a completed set. */
  correct(set: number, by: number) {
    this.#correction.add(set, by);
  }

  /** End the workout. @returns its ID, once it is completed @throws {api.Problem} */
  async complete(): Promise<string> {
    this.#correction.settle();
    const live = this.#live as LiveSession;
    await live.complete(this.clock.endedAt());
    return live.id;
  }

  /** Send what is pending, after the user signed in again or the server is back. */
  retry() {
    this.#live?.retry();
  }

  /** Stop when the page is left; pending data stays stored. */
  close() {
    this.#correction.settle();
    this.#standing.isClosed = true;
    this.#live?.close();
  }

  #ask(what: string, body: object) {
    this.#correction.settle();
    this.#standing.requested();
    this.#live?.ask(what, body);
  }

  /** Add or remove repetitions of a set. */
  #correct(set: number, by: number) {
    this.#log(set, by);
    for (let left = by; left < 0; left += 1) this.#ask("undo", { set });
  }

  /** Add repetitions, in requests of limited size. */
  #log(set: number, repetitions: number) {
    for (let left = repetitions; left > 0; left -= MOST_AT_ONCE) {
      this.#ask("repetitions", { set, repetitions: Math.min(left, MOST_AT_ONCE), atMs: this.clock.end() });
    }
  }

  #listenTo(live: LiveSession) {
    this.#live = live;
    this.#store.set({ link: live.mode, bufferedS: Math.round(live.buffer.seconds), waiting: live.buffer.entries });
    onDetail(live, "answer", (answer: Answer) => {
      this.#callbacks.onCounted(answer);
      if (answer.setOver) void this.#standing.load();
    });
    onDetail(live, "asked", ({ answer }: {answer: Execution}) => this.#standing.answered(answer));
    onDetail(live, "refused", ({ path, problem }: {path: string, problem: api.Problem}) => {
      this.#standing.answered(null);
      this.#callbacks.onRefused(path.slice(path.lastIndexOf("/") + 1));
      this.#callbacks.onProblem(problem);
      this.look();
    });
    onDetail(live, "buffer", ({ seconds, entries }: LiveSession["buffer"]) => this.#store.set({ bufferedS: Math.round(seconds), waiting: entries }));
    onDetail(live, "mode", (link: LiveSession["mode"]) => this.#store.set({ link }));
    onDetail(live, "problem", (problem: api.Problem) => this.#callbacks.onProblem(problem));
  }
}
