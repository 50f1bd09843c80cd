/**
 * Clock of a guided workout: its time, and when the last thing happened in it.
 * @module
 */

import { isForgotten, LONGEST_MS } from "../live/session-end.ts";
import type { Execution } from "./resume.ts";

/** When the last thing happened in the sets and rests of a workout, in milliseconds since its start; a rest lasts as planned. */
function lastOf({ sets, rest }: Pick<Execution, "sets" | "rest">) {
  const moments = sets.flatMap(({ startMs, endMs, movements }) => [startMs, endMs, ...movements.map((movement) => movement.endMs)]);
  const restEndMs = rest && rest.startedMs + 1000 * rest.plannedS;
  return Math.max(0, ...[...moments, restEndMs].map((moment) => moment ?? 0));
}

/** Times are in milliseconds since the start of the session, where nothing else is said. */
export class WorkoutClock {
  /** Start of the session in Unix time on this device's clock. */
  zeroMs = 0;
  /** When the last thing happened; in the future during a rest. */
  lastMs = 0;
  /** Start of the session in Unix time on the server's clock; the clocks may differ. */
  #beganAt = 0;
  /** When the latest rest began. */
  #restMs = 0;
  #keptToMs;

  /** @param keptToMs time of the latest frame */
  constructor(keptToMs: () => number) {
    this.#keptToMs = keptToMs;
  }

  /** Follow a workout. @param lastMs when the last thing happened in it, as far as this browser knows */
  open(execution: Execution, lastMs: number) {
    this.zeroMs = Date.now() - execution.nowMs;
    this.#beganAt = Date.parse(execution.startedAt);
    this.lastMs = lastMs;
    this.stand(execution);
  }

  /** Take over what the server knows. */
  stand(execution: Execution) {
    this.lastMs = Math.max(this.lastMs, lastOf(execution));
    if (execution.rest) this.#restMs = execution.rest.startedMs;
  }

  /** The time, at most a day. */
  get nowMs() {
    return Math.min(Math.max(0, Date.now() - this.zeroMs), LONGEST_MS);
  }

  /** Something happens now. @returns the time */
  act() {
    this.lastMs = this.nowMs;
    return this.nowMs;
  }

  /** A rest begins, or its length changes. @param plannedS its length @param startedMs default: as before */
  rest(plannedS: number, startedMs = this.#restMs) {
    this.#restMs = startedMs;
    this.lastMs = startedMs + 1000 * plannedS;
  }

  /** Whether nothing has happened for an hour. */
  get isForgotten() {
    return isForgotten(Math.max(this.lastMs, this.#keptToMs()), Date.now() - this.zeroMs);
  }

  /** A set or the workout ends. @returns when: now, or with the last thing that happened if it was forgotten */
  end() {
    this.lastMs = Math.max(this.lastMs, Math.round(this.#keptToMs()), this.isForgotten ? 0 : this.nowMs);
    return Math.min(this.lastMs, this.nowMs);
  }

  /** As `end`, in Unix time on the server's clock. */
  endedAt() {
    return this.#beganAt + this.end();
  }
}
