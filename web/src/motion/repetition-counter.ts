/**
 * Counts each repetition when it ends.
 *
 * It corresponds to `domain/motion/counting/repetitions.py` during a set; the second pass at the end of a set is the server's.
 * @module
 */

import { judged, type DeviceTempo } from "./form.ts";
import { REST_S, spanOf, type Span } from "./span.ts";
import { Zigzag } from "./zigzag.ts";
import type { Definition } from "./observer.ts";
import type { Row } from "./sampling.ts";

type Phase = "rest" | "eccentric" | "effort" | "concentric" | "hold";
export type Repeated = {kind: "repetition", number: number, timeMs: number, form: number | null, faults: string[], startMs: number, rangeDeg: number | null, tempo: DeviceTempo};

/** Maximum number of rows of a repetition: 16.7 s, longer than any definition allows. */
const LONGEST_TRACK = 250;

/** A repetition with a longer gap was not observed and is not counted. */
const UNSEEN_S = 2;

/** Standing still: the effort changes by less than this share of the range per row. */
const STILL = 0.025;

/** Counts one set. */
export class RepetitionCounter {
  repetitions = 0;
  /** Of the latest repetition, 0..1. */
  form: number | null = null;
  heldMs = 0;
  #definition;
  #zigzag;
  #track: Row[] = [];
  #restSinceS: number | null = null;

  constructor(definition: Definition) {
    this.#definition = definition;
    this.#zigzag = new Zigzag(definition.counting);
  }

  /** Process the next row and return the repetition that it completes. */
  moment(row: Row): Repeated | null {
    this.#track.push(row);
    const repeated = this.#zigzag.step(row.timeS, row.smooth) ? this.#returned() : null;
    this.#forget();
    return repeated;
  }

  get phase(): Phase {
    const { last, reach, direction } = this.#zigzag;
    if (!last || reach === 0) return "rest";
    const change = last.effort - last.before;
    if (Math.abs(change) < STILL * reach) return direction === 1 ? "effort" : "rest";
    const { outward } = this.#definition;
    if (change > 0) return outward;
    return outward === "eccentric" ? "concentric" : "eccentric";
  }

  #returned() {
    const earliestS = Math.max(this.#track[0].timeS, this.#restSinceS ?? -Infinity);
    const span = spanOf(this.#track, this.#zigzag.peakS, earliestS);
    this.#restSinceS = span.endedS;
    if (!this.#isOne(span)) return null;
    const { form, faults, rangeDeg, tempo } = judged(this.#definition, this.#track, span);
    this.repetitions += 1;
    this.form = form;
    return { kind: "repetition" as const, number: this.repetitions, timeMs: Math.round(1000 * span.endedS), form, faults, startMs: Math.round(1000 * span.startedS), rangeDeg, tempo };
  }

  /** Whether a movement has a valid duration and no long gap. */
  #isOne(span: Span) {
    const { leastS, mostS } = this.#definition.counting;
    const seconds = span.endedS - span.startedS;
    const times = this.#track.slice(span.first, span.last + 1).map((row) => row.timeS);
    const longest = Math.max(0, ...times.slice(1).map((time, index) => time - times[index]));
    return seconds >= leastS && seconds <= mostS && longest <= UNSEEN_S;
  }

  /** Drop the rows before the latest rest. */
  #forget() {
    const { direction, closed, lowS } = this.#zigzag;
    if (direction === -1 && closed) {
      const kept = this.#track.findIndex((row) => row.timeS >= lowS - REST_S);
      this.#track.splice(0, kept < 0 ? this.#track.length - 1 : kept);
    }
    if (this.#track.length > LONGEST_TRACK) this.#track.shift();
  }
}
