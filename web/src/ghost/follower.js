/**
 * Where in a repetition an athlete is, whatever their tempo: the ghost waits for them, and follows them.
 *
 * Each moment of the athlete is compared with each step of the track, and the cheapest way there from where
 * they may have been is kept for each step: dynamic time warping (Sakoe and Chiba, 1978) as the athlete goes
 * along, on a track whose end is its beginning. A way may stay where it is and may skip, but never goes back.
 * @module
 */

import { isSeen, placeOf } from "./figure.js";

/** @typedef {import("./figure.js").Figure} Figure */
/** @typedef {{step: number, rounds: number, cost: number}} Phase `cost`: how unlike the athlete is, in trunk lengths. */

/** A landmark is at most this unlike, in trunk lengths: one that does something else does not decide. */
const MOST_UNLIKE = 0.6;

/** An athlete goes at most so much faster than the recording. */
const FASTEST = 4;

/** What a step costs, so that who stands still is not thought to hurry. */
const STEP_COST = 0.004;

/** How much of a way's past still counts after a second: a wrong guess is forgotten. */
const KEPT_PER_S = 0.25;

/** Less of the moving landmarks (by their weights) cannot tell where the athlete is. */
const LEAST_SEEN = 0.4;

/** A moment that comes later than this has nothing to do with the one before. */
const LONGEST_GAP_S = 2;

/** Follows one athlete on one track. */
export class Follower {
  /** @type {import("./track.js").Steps} */
  #steps;
  #stepS;
  /** Cost of the cheapest way to each step. */
  #costs;
  #beforeS = NaN;
  #step = 0;
  /** Steps gone on the whole. */
  #gone = 0;

  /** @param {import("./track.js").Steps} steps @param {number} stepS seconds between them, in the recording */
  constructor(steps, stepS) {
    this.#steps = steps;
    this.#stepS = stepS;
    this.#costs = new Float64Array(steps.figures.length);
  }

  /** Go on with other limbs, from where the athlete is. @param {import("./track.js").Steps} steps as many as before */
  fit(steps) {
    this.#steps = steps;
  }

  /**
   * Take the athlete's next moment.
   * @param {Figure | null} athlete with the hips at 0, 0 @param {number} timeS
   * @returns {Phase | null} null where too little of the athlete is seen: the ghost waits
   */
  follow(athlete, timeS) {
    const unlike = athlete && this.#unlike(athlete);
    if (!unlike) return null;
    const count = unlike.length;
    const passedS = timeS - this.#beforeS;
    const isFirst = !(passedS <= LONGEST_GAP_S);
    const reach = isFirst ? 0 : Math.min(Math.ceil((FASTEST * passedS) / this.#stepS), count - 1);
    const kept = isFirst ? 0 : KEPT_PER_S ** passedS;
    this.#costs = unlike.map((cost, step) => cost + kept * cheapest(this.#costs, step, reach));
    this.#beforeS = timeS;
    this.#go(this.#costs.indexOf(Math.min(...this.#costs)), isFirst);
    return { step: this.#step, rounds: Math.max(0, Math.floor((this.#gone + count / 4) / count)), cost: unlike[this.#step] };
  }

  /** @param {number} step @param {boolean} isFirst */
  #go(step, isFirst) {
    const count = this.#costs.length;
    const ahead = (step - this.#step + count) % count;
    if (isFirst) this.#gone = step > count / 2 ? step - count : step;
    else this.#gone += ahead > count / 2 ? ahead - count : ahead; // the shorter way round: a guess may be taken back
    this.#step = step;
  }

  /** How unlike each step the athlete is; null where too little is seen. @param {Figure} athlete @returns {Float64Array | null} */
  #unlike(athlete) {
    const { figures, telling, unit } = this.#steps;
    const known = telling.filter(({ at }) => isSeen(athlete, at));
    if (known.reduce((sum, { weight }) => sum + weight, 0) < LEAST_SEEN) return null;
    return Float64Array.from(figures, (figure) => (figure ? distance(athlete, figure, known, unit) : MOST_UNLIKE));
  }
}

/** @param {Float64Array} costs @param {number} step @param {number} reach how many steps one may have come from */
function cheapest(costs, step, reach) {
  let least = Infinity;
  for (let back = 0; back <= reach; back += 1) {
    least = Math.min(least, costs[(step - back + costs.length) % costs.length] + back * STEP_COST);
  }
  return least;
}

/** Mean distance of landmarks by their weights, in units. @param {Figure} one @param {Figure} other @param {{at: number, weight: number}[]} known @param {number} unit */
function distance(one, other, known, unit) {
  let [sum, weights] = [0, 0];
  for (const { at, weight } of known) {
    if (!isSeen(other, at)) continue;
    const [[x, y], [otherX, otherY]] = [placeOf(one, at), placeOf(other, at)];
    sum += weight * Math.min(Math.hypot(x - otherX, y - otherY) / unit, MOST_UNLIKE);
    weights += weight;
  }
  return weights > 0 ? sum / weights : MOST_UNLIKE;
}
