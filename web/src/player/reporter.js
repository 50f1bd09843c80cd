/**
 * Tells the server what happens in a workout, in its order, whatever the network does: each step is
 * kept by the browser first and sent then.
 * @module
 */

import * as api from "../api/client.js";
import { chosenTransport } from "../live/transports.js";
import { LiveSession } from "../live/live-session.js";
import { renew } from "../api/credentials.js";
import { useWorkoutStore } from "../stores/workout.js";
import * as doors from "../workouts/workout-api.js";
import { amountOf, openSet } from "./resume.js";

/** @typedef {import("../workouts/plan.js").Step} Step */
/** @typedef {import("./resume.js").Execution} Execution */
/**
 * @typedef {object} Hears
 * @property {(answer: any) => void} onCounted What the server counted up to a chunk.
 * @property {(execution: Execution) => void} onStanding How the workout stands, once all that was asked for is answered.
 * @property {(what: string) => void} onRefused The server did not do this.
 * @property {(error: unknown) => void} onProblem
 */

/** A hand that steps up and down has made up its mind after this. */
const MIND_MADE_UP_MS = 600;

/** How often it is looked whether what waited of an earlier time is sent, and after how many looks in vain it is said. */
const LOOK_MS = 250;
const LOOKS = 20;

/** The server does not take what was done before, not yet. */
export const ON_ITS_WAY = "live.on_its_way";

/** A session lasts at most a day, whenever somebody remembers to end it. */
const LONGEST_MS = 86_400_000;

/** A rest lasts at most an hour. */
const LONGEST_REST_S = 3600;

/** Repetitions that the server takes at once. */
const MOST_AT_ONCE = 1000;

/** The server's side of one workout. */
export class Reporter {
  #store = useWorkoutStore;
  /** @type {LiveSession | null} */
  #live = null;
  /** When the session began, on this device's clock. */
  #zeroMs = 0;
  /** When it began, on the server's clock; the two may be far apart. */
  #beganAt = 0;
  /** What was asked for and is not answered yet, and how much was asked for in all. */
  #owed = 0;
  #asked = 0;
  /** The page was left: what comes yet is not its business. */
  #isClosed = false;
  /** How long the rest is to last in all; null where nobody rests. @type {number | null} */
  #plannedS = null;
  /** Repetitions more or less that a set that is over is to have. @type {{set: number, by: number} | null} */
  #wish = null;
  #timer = 0;
  #hears;

  /** @param {Hears} hears */
  constructor(hears) {
    this.#hears = hears;
  }

  /** Milliseconds since the session began. */
  get nowMs() {
    return Math.min(Math.max(0, Date.now() - this.#zeroMs), LONGEST_MS);
  }

  /** Whether the set under way takes frames. */
  get takesFrames() {
    return this.#live?.isSetOpen ?? false;
  }

  /** Go on with an execution; what this browser still has to send of it goes first. @param {Execution} execution @param {boolean} takeOver From another tab that has it open. @returns {Promise<Execution>} how it stands then @throws {api.Problem} */
  async open(execution, takeOver) {
    const { id, workoutId, athleteId, lines, sets } = execution;
    const set = openSet(execution);
    this.#zeroMs = Date.now() - execution.nowMs;
    this.#beganAt = Date.parse(execution.startedAt);
    const isSetOpen = set !== null && set.source !== "manual";
    const exercise = set?.exerciseId ?? lines[0].exerciseId;
    this.#live?.close(); // it was begun, and something after it went wrong
    const live = await LiveSession.adopt({ sessionId: id, workoutId, athleteId, exercise, startedAt: this.#zeroMs, set: sets.length, isSetOpen, refresh: renew, transport: chosenTransport(), takeOver });
    this.#isClosed = false;
    this.#listenTo(live);
    api.holdPage();
    await this.#sent(live);
    const now = await doors.execution(id);
    this.stand(now);
    return now;
  }

  /** Go on from where the server says that the workout stands. @param {Execution} execution */
  stand({ sets, rest }) {
    const set = sets.at(-1);
    this.#live?.stand({ set: sets.length, isSetOpen: set?.status === "underway" && set.source !== "manual" });
    this.#plannedS = rest?.plannedS ?? null;
  }

  /** Look how the workout stands, unless something is on its way that changes it: another device may have gone on. */
  look() {
    if (this.#owed === 0 && !this.#wish && !this.#isClosed) void this.#look();
  }

  /** @param {any} frame */
  push(frame) {
    this.#live?.push(frame);
  }

  /** @param {boolean} isPaused */
  pause(isPaused) {
    if (isPaused) this.#live?.pause();
    else this.#live?.resume();
  }

  /** The next set of the prescription begins. @param {Step} step @param {{byCamera: boolean, loadKg: number | null, overridden: string[]}} how `overridden`: lights that were not green */
  beginSet(step, { byCamera, loadKg, overridden }) {
    this.#settle();
    this.#owes();
    this.#plannedS = null;
    this.#live?.nextSet(step.exerciseId, { byCamera, loadKg, atMs: this.nowMs });
    if (byCamera && overridden.length > 0) this.#live?.override(overridden, performance.now());
  }

  /** A set is over. `said` is what a hand says it was: nothing where each repetition was told of, or the camera counted. @param {Step} step @param {number} set @param {{said: number, lastedMs: number | null}} how `lastedMs`: of a hold that a hand timed */
  endSet(step, set, { said, lastedMs }) {
    const atMs = this.nowMs;
    if (step.unit === "hold" && (lastedMs ?? said) > 0) this.#ask("duration", { set, durationMs: Math.round(lastedMs ?? 1000 * said), atMs });
    if (step.unit === "repetitions") this.#log(set, said);
    if (this.takesFrames) this.#live?.endSet();
    else this.#ask("finish", { set, endMs: atMs });
  }

  /** The athlete rests. @param {number} plannedS */
  rest(plannedS) {
    this.#plannedS = plannedS;
    this.#ask("rest", { plannedS, atMs: this.nowMs });
  }

  /** The rest is to last longer or shorter. @param {number} byS */
  moveRest(byS) {
    if (this.#plannedS === null) return;
    this.#plannedS = Math.min(Math.max(0, this.#plannedS + byS), LONGEST_REST_S);
    this.#ask("rest", { plannedS: this.#plannedS });
  }

  /** One repetition more, as the athlete saw it. @param {number} set */
  add(set) {
    this.#ask("repetitions", { set, repetitions: 1, atMs: this.nowMs });
  }

  /** The latest repetition was none. @param {number} set */
  undo(set) {
    this.#live?.flush(); // it may be in frames that were not sent yet
    this.#ask("undo", { set });
  }

  /** @param {"set" | "exercise"} what */
  skip(what) {
    this.#ask("skip", { what });
  }

  /** A set that is over had more repetitions than were counted, or fewer. @param {number} set @param {number} by */
  correct(set, by) {
    if (this.#wish?.set !== set) this.#settle();
    this.#wish = { set, by: by + (this.#wish?.by ?? 0) };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), MIND_MADE_UP_MS);
  }

  /** End the workout. @returns {Promise<string>} its id, once it is summed up @throws {api.Problem} */
  async complete() {
    this.#settle();
    const live = /** @type {LiveSession} */ (this.#live);
    await live.complete(this.#beganAt + this.nowMs);
    return live.id;
  }

  /** Somebody signed in again, or the server was mended: what waits is sent. */
  retry() {
    this.#live?.retry();
  }

  /** The page is left; what waits is kept. */
  close() {
    this.#settle();
    this.#isClosed = true;
    this.#live?.close();
  }

  /** @param {string} what @param {object} body */
  #ask(what, body) {
    this.#settle();
    this.#owes();
    this.#live?.ask(what, body);
  }

  #owes() {
    this.#owed += 1;
    this.#asked += 1;
  }

  /** Ask for what was wished for, before anything else is asked. */
  #settle() {
    const wish = this.#wish;
    clearTimeout(this.#timer);
    this.#wish = null;
    if (!wish) return;
    this.#log(wish.set, wish.by);
    for (let left = wish.by; left < 0; left += 1) this.#ask("undo", { set: wish.set });
  }

  /** So many more were done; the server takes so many at once. @param {number} set @param {number} repetitions */
  #log(set, repetitions) {
    for (let left = repetitions; left > 0; left -= MOST_AT_ONCE) {
      this.#ask("repetitions", { set, repetitions: Math.min(left, MOST_AT_ONCE), atMs: this.nowMs });
    }
  }

  /** @param {LiveSession} live */
  #listenTo(live) {
    this.#live = live;
    this.#store.set({ link: live.mode, bufferedS: Math.round(live.buffer.seconds) });
    const on = (name, act) => live.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
    on("answer", (answer) => {
      this.#hears.onCounted(answer);
      if (answer.setOver) void this.#look();
    });
    on("asked", ({ answer }) => this.#answered(answer));
    on("refused", ({ path, problem }) => {
      this.#answered(null);
      this.#hears.onRefused(path.slice(path.lastIndexOf("/") + 1));
      this.#hears.onProblem(problem);
      this.look();
    });
    on("buffer", ({ seconds }) => this.#store.set({ bufferedS: Math.round(seconds) }));
    on("mode", (link) => this.#store.set({ link }));
    on("problem", (problem) => this.#hears.onProblem(problem));
  }

  /** Until all that waited of an earlier time is sent: who went on sooner would do again what is done. @param {LiveSession} live */
  async #sent(live) {
    let before = null;
    let looks = 0;
    for (let next = await live.waiting(); next !== null; next = await live.waiting()) {
      looks = next === before ? looks + 1 : 0;
      before = next;
      if (looks === LOOKS) this.#hears.onProblem(onItsWay());
      await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
    }
  }

  /** @param {Execution | null} execution null where it was refused */
  #answered(execution) {
    this.#owed = Math.max(0, this.#owed - 1);
    if (execution && this.#owed === 0 && !this.#wish && !this.#isClosed) this.#hears.onStanding(execution);
  }

  /** How the workout stands now; an answer that something overtook tells how it stood before that. */
  async #look() {
    const asked = this.#asked;
    this.#owed += 1;
    const found = await this.#standing();
    const isOvertaken = asked !== this.#asked;
    this.#answered(isOvertaken ? null : found);
    if (isOvertaken) this.look();
  }

  /** @returns {Promise<Execution | null>} null where it cannot be asked for: the next answer tells it, too */
  async #standing() {
    try {
      return await doors.execution(/** @type {LiveSession} */ (this.#live).id);
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error;
      return null;
    }
  }
}

/** What the athlete is told while the server does not take what was done before. */
function onItsWay() {
  return new api.Problem({ title: "What you did before is still on its way to the server.", detail: "The workout goes on here by itself, as soon as it has arrived.", code: ON_ITS_WAY });
}

/** How much each set that is over was, by its number. @param {Execution} execution @param {readonly Step[]} steps @param {readonly import("./state-machine.js").Done[]} done @returns {Map<number, number>} */
export function amountsOf(execution, steps, done) {
  const over = new Map(execution.sets.filter(({ status }) => status === "completed").map((set) => [set.number, set]));
  /** @type {Map<number, number>} */
  const amounts = new Map();
  for (const { at, set } of done) {
    const found = set === null ? undefined : over.get(set);
    if (found) amounts.set(found.number, amountOf(found, steps[at].unit));
  }
  return amounts;
}
