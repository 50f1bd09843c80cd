/**
 * Observer: reads the values of one exercise off each frame, like `domain/motion/signals/columns.py`.
 * @module
 */

import { bodyOf, facing, SIZE_IN_STATURES, USUAL_ASPECT_RATIO } from "./body.js";
import { INDEX, partOf } from "./landmarks.js";
import { isCentral, measure, seenMeasure } from "./measures.js";

/** @typedef {import("./body.js").Body} Body */
/** @typedef {import("./body.js").Frame} Frame */
/** @typedef {import("./measures.js").Side} Side */
/** @typedef {"front" | "side" | "oblique" | "rear"} View */
/** @typedef {{id: string, measure: string, sides: Side, part: string, statistic: string, above: number | null, below: number | null, views: View[], penalty: number, cue: string, severe: number | null, spreads: {view: View, spread: number, limit: number | null}[]}} Fault */
/**
 * Response of `GET /v1/exercises/{id}`.
 * @typedef {object} Definition
 * @property {string} id
 * @property {string} name
 * @property {number} version
 * @property {"repetitions" | "hold"} kind
 * @property {"eccentric" | "concentric"} outward
 * @property {View[]} views
 * @property {string[]} joints
 * @property {{measure: string, sides: Side, rest: number, effort: number, weight: number}[]} signals
 * @property {{leastSwing: number, adaptiveShare: number, leastS: number, mostS: number}} counting
 * @property {{measure: string, targetDeg: number, limitsDeg: [number, number], inForm: boolean}} rangeOfMotion
 * @property {{eccentricLeastS: number, concentricLeastS: number}} tempo
 * @property {Fault[]} faults
 * @property {{measure: string, sides: Side, above: number, below: number, leastS: number} | null} hold
 */

/** Cells of a row; the measures of the faults follow, then that of a hold. */
export const EFFORT = 0;
export const ANGLE = 1;
export const ANGLE_LEFT = 2;
export const ANGLE_RIGHT = 3;
export const FACING = 4;
export const FIRST_MEASURE = 5;

/** Landmarks below this visibility are invented; see `domain/motion/signals/columns.py` for how it was determined. */
const GUESSED = 0.2;

/** Landmarks below this visibility are guesses (MediaPipe's default threshold). */
const SEEN_VISIBILITY = 0.5;

/**
 * Values of one frame for an exercise.
 * @typedef {object} Observation
 * @property {number[] | null} cells null if the exercise is not visible
 * @property {boolean} inFrame whether all joints of the exercise are in the picture and visible
 * @property {boolean} present whether the athlete is in the picture: at least half of the exercise's body parts are
 * @property {number | null} fills stature as a share of the picture's longer side, as in `domain/motion/signals/camera_framing.py`
 * @property {View | null} view view of the camera
 * @property {"left" | "right" | null} side the better visible side of the body
 */

/** Reads frames for one exercise. */
export class Observer {
  #definition;
  /** @type {[string, Side][]} */
  #measures;
  /** @type {number[][]} */
  #parts;

  /** @param {Definition} definition */
  constructor(definition) {
    this.#definition = definition;
    const { hold } = definition;
    this.#measures = definition.faults.map((fault) => [fault.measure, fault.sides]);
    if (hold) this.#measures.push([hold.measure, hold.sides]);
    /** @type {Map<string, number[]>} */
    const parts = new Map();
    for (const name of definition.joints) {
      const part = partOf(name);
      parts.set(part, [...(parts.get(part) ?? []), /** @type {number} */ (INDEX.get(name))]);
    }
    this.#parts = [...parts.values()];
  }

  /** @param {Frame} frame @returns {Observation} */
  read(frame) {
    const body = bodyOf(frame);
    if (!body) return { cells: null, inFrame: false, present: false, fills: null, view: null, side: null };
    const turned = facing(body);
    const view = Number.isNaN(turned) ? null : viewOf(turned);
    const fills = body.size / SIZE_IN_STATURES / Math.max(frame.aspectRatio ?? USUAL_ASPECT_RATIO, 1);
    return { cells: this.#cells(body, turned), inFrame: this.#fits(frame, body, view), present: this.#isPresent(frame), fills, view, side: this.#side(body) };
  }

  /** @param {Body} body @param {number} turned */
  #cells(body, turned) {
    const effort = this.#effort(body);
    const guessed = this.#parts.some((sides) => Math.max(...sides.map((joint) => body.visibility[joint])) < GUESSED);
    if (guessed || Number.isNaN(effort)) return null;
    // A hold is timed by its measure also where joints are hidden.
    const value = this.#definition.hold ? measure : seenMeasure;
    const measured = this.#measures.map(([name, sides]) => value(body, name, sides));
    return [effort, ...this.#angles(body), turned, ...measured];
  }

  /** Position of the movement from rest (0) to its extreme (1). @param {Body} body */
  #effort(body) {
    let [total, weights] = [0, 0];
    for (const signal of this.#definition.signals) {
      const share = (measure(body, signal.measure, signal.sides) - signal.rest) / (signal.effort - signal.rest);
      if (Number.isNaN(share)) continue;
      total += share * signal.weight;
      weights += signal.weight;
    }
    return weights > 0 ? total / weights : NaN;
  }

  /** Angles of the driving joint: combined, left, right; NaN without metric landmarks. @param {Body} body */
  #angles(body) {
    const name = this.#definition.rangeOfMotion.measure;
    if (!body.metric) return [NaN, NaN, NaN];
    if (isCentral(name)) return [measure(body, name, "mean"), NaN, NaN];
    return [measure(body, name, "mean"), measure(body, name, "left"), measure(body, name, "right")];
  }

  /** Seen from the side, one limb hides the other, so one of the two is enough. @param {Frame} frame @param {Body} body @param {View | null} view */
  #fits(frame, body, view) {
    const image = /** @type {Float32Array} */ (frame.landmarks);
    const one = view === "side" || view === "oblique";
    /** @param {number} joint */
    const isSeen = (joint) => body.visibility[joint] >= SEEN_VISIBILITY && isInside(image[4 * joint]) && isInside(image[4 * joint + 1]);
    return this.#parts.every((sides) => (one ? sides.some(isSeen) : sides.every(isSeen)));
  }

  /** Hidden joints are guessed near the others, so only their place tells whether the athlete has left. @param {Frame} frame */
  #isPresent(frame) {
    const image = /** @type {Float32Array} */ (frame.landmarks);
    const inside = this.#parts.filter((sides) => sides.some((joint) => isInside(image[4 * joint]) && isInside(image[4 * joint + 1])));
    return 2 * inside.length >= this.#parts.length;
  }

  /** @param {Body} body @returns {"left" | "right"} */
  #side(body) {
    const pairs = this.#parts.filter((sides) => sides.length === 2);
    const lead = pairs.reduce((sum, [left, right]) => sum + body.visibility[left] - body.visibility[right], 0);
    return lead >= 0 ? "left" : "right";
  }
}

/** @param {number} share */
function isInside(share) {
  return share >= 0 && share <= 1;
}

/**
 * Name the view by the orientation of the trunk: within 37 degrees of the image plane it is a front view,
 * beyond 63 degrees a side view.
 * @param {number} turned 1 towards the camera, 0 sideways, -1 away
 * @returns {View}
 */
export function viewOf(turned) {
  if (Math.abs(turned) <= 0.45) return "side";
  if (Math.abs(turned) < 0.8) return "oblique";
  return turned > 0 ? "front" : "rear";
}
