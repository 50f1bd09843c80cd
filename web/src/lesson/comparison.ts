/**
 * Compares the athlete's repetition with the trainer's own range and tempo.
 * @module
 */

import type { Tempo } from "../api/client.ts";
import type { Repeated } from "../motion/repetition-counter.ts";

type Targets = {tempo: Tempo | null, rangeOfMotionDeg: number | null, rangeSpreadDeg: number | null};
type Quantity = "range" | "eccentric" | "concentric";
export type Match = "same" | "less" | "more";
/** `own` and `match`: null if it was not measured */
export type Compared = {what: Quantity, own: number | null, trainers: number, match: Match | null};

/** Below ten degrees, a difference is within the variation of a pose model. */
const LEAST_DEG = 10;

/** Seconds to which a device measures a phase, and the share of the trainer's by which another tempo begins. */
const LEAST_S = 0.3;
const TEMPO_SHARE = 0.25;

function match(own: number, trainers: number, tolerance: number): Match {
  return Math.abs(own - trainers) <= tolerance ? "same" : own < trainers ? "less" : "more";
}

function compare(what: Quantity, own: number | null | undefined, trainers: number | null | undefined, toleranceOf: (trainers: number) => number): Compared[] {
  if (typeof trainers !== "number") return [];
  return [{ what, own: own ?? null, trainers, match: typeof own === "number" ? match(own, trainers, toleranceOf(trainers)) : null }];
}

/** Compare what the trainer's repetitions have. @param repeated null before the first one */
export function compared(repeated: Pick<Repeated, "rangeDeg" | "tempo"> | null, { tempo, rangeOfMotionDeg, rangeSpreadDeg }: Targets): Compared[] {
  const seconds = (trainers: number) => Math.max(LEAST_S, TEMPO_SHARE * trainers);
  return [
    ...compare("range", repeated?.rangeDeg, rangeOfMotionDeg, () => Math.max(LEAST_DEG, 2 * (rangeSpreadDeg ?? 0))),
    ...compare("eccentric", repeated?.tempo.eccentricS, tempo?.eccentricS, seconds),
    ...compare("concentric", repeated?.tempo.concentricS, tempo?.concentricS, seconds),
  ];
}

/** The most important difference; null if there is none. A larger range than the trainer's is none. */
export function advice(rows: Compared[]): `${Quantity}-${"less" | "more"}` | null {
  const differing = rows.find(({ what, match: found }) => found === "less" || (found === "more" && what !== "range"));
  return differing ? `${differing.what}-${differing.match as "less" | "more"}` : null;
}
