/**
 * Finds the athlete's position in a repetition, at any tempo.
 *
 * Each frame is compared with each step of the track, and the cheapest path to each step is updated:
 * online dynamic time warping (Sakoe and Chiba, 1978) on a cyclic track. A path may stay or skip steps,
 * but never goes back.
 * @module
 */

import { isSeen, placeOf, type Figure } from "./figure.ts";
import type { Steps } from "./track.ts";

/** `cost`: distance between athlete and track, in trunk lengths */
type Phase = {step: number, rounds: number, cost: number};

/** Upper limit of the distance of one landmark, in trunk lengths, so that one landmark does not decide. */
const MOST_UNLIKE = 0.6;

/** Maximum tempo relative to the recording. */
const FASTEST = 4;

/** Cost per step, so that standing still is not taken for hurrying. */
const STEP_COST = 0.004;

/** Share of the past cost that counts after a second, so that wrong guesses are forgotten. */
const KEPT_PER_S = 0.25;

/** Minimum share of visible moving landmarks, by weight. */
const LEAST_SEEN = 0.4;

/** After a longer gap, following starts anew. */
const LONGEST_GAP_S = 2;

/** Follows one athlete on one track. */
export class Follower {
  #steps: Steps;
  #stepS;
  /** Cost of the cheapest path to each step. */
  #costs;
  #beforeS = NaN;
  #step = 0;
  /** Total steps covered. */
  #gone = 0;

  /** @param stepS seconds between them, in the recording */
  constructor(steps: Steps, stepS: number) {
    this.#steps = steps;
    this.#stepS = stepS;
    this.#costs = new Float64Array(steps.figures.length);
  }

  /** Replace the figures, keeping the position. @param steps the same number of steps */
  fit(steps: Steps) {
    this.#steps = steps;
  }

  /**
   * Process the next frame.
   * @param athlete centered between the hips @returns null if too little of the athlete is visible
   */
  follow(athlete: Figure | null, timeS: number): Phase | null {
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

  #go(step: number, isFirst: boolean) {
    const count = this.#costs.length;
    const ahead = (step - this.#step + count) % count;
    if (isFirst) this.#gone = step > count / 2 ? step - count : step;
    else this.#gone += ahead > count / 2 ? ahead - count : ahead; // the shorter way around, so that a guess can be corrected
    this.#step = step;
  }

  /** Distance of the athlete to each step; null if too little is visible. */
  #unlike(athlete: Figure): Float64Array | null {
    const { figures, telling, unit } = this.#steps;
    const visible = telling.filter(({ at }) => isSeen(athlete, at));
    if (visible.reduce((sum, { weight }) => sum + weight, 0) < LEAST_SEEN) return null;
    return Float64Array.from(figures, (figure) => (figure ? distance(athlete, figure, visible, unit) : MOST_UNLIKE));
  }
}

/** @param reach maximum number of skipped steps */
function cheapest(costs: Float64Array, step: number, reach: number) {
  let least = Infinity;
  for (let back = 0; back <= reach; back += 1) {
    least = Math.min(least, costs[(step - back + costs.length) % costs.length] + back * STEP_COST);
  }
  return least;
}

/** Weighted mean distance of landmarks, in units. */
function distance(one: Figure, other: Figure, visible: {at: number, weight: number}[], unit: number) {
  let [sum, weights] = [0, 0];
  for (const { at, weight } of visible) {
    if (!isSeen(other, at)) continue;
    const [[x, y], [otherX, otherY]] = [placeOf(one, at), placeOf(other, at)];
    sum += weight * Math.min(Math.hypot(x - otherX, y - otherY) / unit, MOST_UNLIKE);
    weights += weight;
  }
  return weights > 0 ? sum / weights : MOST_UNLIKE;
}
