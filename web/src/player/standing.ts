/**
 * The server's state of a workout, which is handed on only when no request that changes it is unanswered.
 * @module
 */

import { Problem } from "../api/client.ts";
import * as workoutApi from "../workouts/workout-api.ts";
import type { Execution } from "./resume.ts";

/** `isPending`: whether a change will be sent soon */
type Callbacks = {isPending: () => boolean, onStanding: (execution: Execution) => void};

/** Counts unanswered requests. */
export class Standing {
  /** Whether the page was left; later answers are ignored. */
  isClosed = false;
  /** ID of the workout. */
  id = "";
  #unanswered = 0;
  #requests = 0;
  #callbacks;

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks;
  }

  /** Follow a workout. @param waiting number of its requests that an earlier page left */
  follow(id: string, waiting: number) {
    this.id = id;
    this.isClosed = false;
    this.#unanswered = waiting;
  }

  /** A request was made. */
  requested() {
    this.#unanswered += 1;
    this.#requests += 1;
  }

  /** A request was answered. @param execution null if it was refused */
  answered(execution: Execution | null) {
    this.#unanswered = Math.max(0, this.#unanswered - 1);
    if (execution && this.#unanswered === 0 && !this.#callbacks.isPending() && !this.isClosed) this.#callbacks.onStanding(execution);
  }

  /** Check the state of the workout, unless a request that changes it is pending: another device may have continued. */
  look() {
    if (this.#unanswered === 0 && !this.#callbacks.isPending() && !this.isClosed) void this.load();
  }

  /** Get the state of the workout; it is ignored if another request was made meanwhile. */
  async load() {
    const requests = this.#requests;
    this.#unanswered += 1;
    const execution = await workoutApi.execution(this.id).catch(ignoreProblem);
    const isOvertaken = requests !== this.#requests;
    this.answered(isOvertaken ? null : execution);
    if (isOvertaken) this.look();
  }
}

/** Ignore a problem: the next answer includes the state, too. */
function ignoreProblem(error: unknown) {
  if (!(error instanceof Problem)) throw error;
  return null;
}
