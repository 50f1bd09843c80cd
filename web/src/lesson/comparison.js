/**
 * Compares the athlete's repetition with the trainer's own range and tempo.
 * @module
 */

/** @typedef {import("../motion/repetition-counter.js").Repeated} Repeated */
/** @typedef {{tempo: import("../api/client.js").Tempo | null, rangeOfMotionDeg: number | null, rangeSpreadDeg: number | null}} Targets */
/** @typedef {"range" | "eccentric" | "concentric"} Quantity */
/** @typedef {"same" | "less" | "more"} Match */
/** @typedef {{what: Quantity, own: number | null, trainers: number, match: Match | null}} Compared `own` and `match`: null if it was not measured */

/** Below ten degrees, a difference is within the variation of a pose model. */
const LEAST_DEG = 10;

/** Seconds to which a device measures a phase, and the share of the trainer's by which another tempo begins. */
const LEAST_S = 0.3;
const TEMPO_SHARE = 0.25;

/** @param {number} own @param {number} trainers @param {number} tolerance @returns {Match} */
function match(own, trainers, tolerance) {
  return Math.abs(own - trainers) <= tolerance ? "same" : own < trainers ? "less" : "more";
}

/** @param {Quantity} what @param {number | null | undefined} own @param {number | null | undefined} trainers @param {(trainers: number) => number} toleranceOf @returns {Compared[]} */
function compare(what, own, trainers, toleranceOf) {
  if (typeof trainers !== "number") return [];
  return [{ what, own: own ?? null, trainers, match: typeof own === "number" ? match(own, trainers, toleranceOf(trainers)) : null }];
}

/** Compare what the trainer's repetitions have. @param {Pick<Repeated, "rangeDeg" | "tempo"> | null} repeated null before the first one @param {Targets} targets @returns {Compared[]} */
export function compared(repeated, { tempo, rangeOfMotionDeg, rangeSpreadDeg }) {
  const seconds = (/** @type {number} */ trainers) => Math.max(LEAST_S, TEMPO_SHARE * trainers);
  return [
    ...compare("range", repeated?.rangeDeg, rangeOfMotionDeg, () => Math.max(LEAST_DEG, 2 * (rangeSpreadDeg ?? 0))),
    ...compare("eccentric", repeated?.tempo.eccentricS, tempo?.eccentricS, seconds),
    ...compare("concentric", repeated?.tempo.concentricS, tempo?.concentricS, seconds),
  ];
}

/** The most important difference; null if there is none. A larger range than the trainer's is none. @param {Compared[]} rows @returns {`${Quantity}-${"less" | "more"}` | null} */
export function advice(rows) {
  const differing = rows.find(({ what, match: found }) => found === "less" || (found === "more" && what !== "range"));
  return differing ? `${differing.what}-${/** @type {"less" | "more"} */ (differing.match)}` : null;
}
