/**
 * Observer: reads the values of one exercise off each frame, like `domain/motion/signals/columns.py`.
 * @module
 */

import { bodyOf, facing, SIZE_IN_STATURES, USUAL_ASPECT_RATIO, type Body, type Frame } from "./body.ts";
import { INDEX, partOf } from "./landmarks.ts";
import { isCentral, measure, seenMeasure, type Side } from "./measures.ts";

export type View = "front" | "side" | "oblique" | "rear";
export type Fault = {id: string, measure: string, sides: Side, part: string, statistic: string, above: number | null, below: number | null, views: View[], penalty: number, cue: string, severe: number | null, slightJudged: boolean, spreads: {view: View, spread: number, limit: number | null}[]};
/** Response of `GET /v1/exercises/{id}`. */
export interface Definition {
  id: string;
  name: string;
  version: number;
  kind: "repetitions" | "hold";
  outward: "eccentric" | "concentric";
  views: View[];
  joints: string[];
  signals: {measure: string, sides: Side, rest: number, effort: number, weight: number}[];
  counting: {leastSwing: number, adaptiveShare: number, leastS: number, mostS: number};
  rangeOfMotion: {measure: string, targetDeg: number, limitsDeg: [number, number], inForm: boolean};
  tempo: {eccentricLeastS: number, concentricLeastS: number};
  faults: Fault[];
  hold: {measure: string, sides: Side, above: number, below: number, leastS: number} | null;
}

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

/** Values of one frame for an exercise. */
interface Observation {
  /** null if the exercise is not visible */
  cells: number[] | null;
  /** whether all joints of the exercise are in the picture and visible */
  inFrame: boolean;
  /** whether the athlete is in the picture: at least half of the exercise's body parts are */
  present: boolean;
  /** stature as a share of the picture's longer side, as in `domain/motion/signals/camera_framing.py` */
  fills: number | null;
  /** view of the camera */
  view: View | null;
  /** the better visible side of the body */
  side: "left" | "right" | null;
}

/** Reads frames for one exercise. */
export class Observer {
  #definition;
  #measures: [string, Side][];
  #parts: number[][];

  constructor(definition: Definition) {
    this.#definition = definition;
    const { hold } = definition;
    this.#measures = definition.faults.map((fault) => [fault.measure, fault.sides]);
    if (hold) this.#measures.push([hold.measure, hold.sides]);
    const parts: Map<string, number[]> = new Map();
    for (const name of definition.joints) {
      const part = partOf(name);
      parts.set(part, [...(parts.get(part) ?? []), INDEX.get(name) as number]);
    }
    this.#parts = [...parts.values()];
  }

  read(frame: Frame): Observation {
    const body = bodyOf(frame);
    if (!body) return { cells: null, inFrame: false, present: false, fills: null, view: null, side: null };
    const turned = facing(body);
    const view = Number.isNaN(turned) ? null : viewOf(turned);
    const fills = body.size / SIZE_IN_STATURES / Math.max(frame.aspectRatio ?? USUAL_ASPECT_RATIO, 1);
    return { cells: this.#cells(body, turned), inFrame: this.#fits(frame, body, view), present: this.#isPresent(frame), fills, view, side: this.#side(body) };
  }

  #cells(body: Body, turned: number) {
    const effort = this.#effort(body);
    const guessed = this.#parts.some((sides) => Math.max(...sides.map((joint) => body.visibility[joint])) < GUESSED);
    if (guessed || Number.isNaN(effort)) return null;
    // A hold is timed by its measure also where joints are hidden.
    const value = this.#definition.hold ? measure : seenMeasure;
    const measured = this.#measures.map(([name, sides]) => value(body, name, sides));
    return [effort, ...this.#angles(body), turned, ...measured];
  }

  /** Position of the movement from rest (0) to its extreme (1). */
  #effort(body: Body) {
    let [total, weights] = [0, 0];
    for (const signal of this.#definition.signals) {
      const share = (measure(body, signal.measure, signal.sides) - signal.rest) / (signal.effort - signal.rest);
      if (Number.isNaN(share)) continue;
      total += share * signal.weight;
      weights += signal.weight;
    }
    return weights > 0 ? total / weights : NaN;
  }

  /** Angles of the driving joint: combined, left, right; NaN without metric landmarks. */
  #angles(body: Body) {
    const name = this.#definition.rangeOfMotion.measure;
    if (!body.metric) return [NaN, NaN, NaN];
    if (isCentral(name)) return [measure(body, name, "mean"), NaN, NaN];
    return [measure(body, name, "mean"), measure(body, name, "left"), measure(body, name, "right")];
  }

  /** Seen from the side, one limb hides the other, so one of the two is enough. */
  #fits(frame: Frame, body: Body, view: View | null) {
    const image = frame.landmarks as Float32Array;
    const one = view === "side" || view === "oblique";
    const isSeen = (joint: number) => body.visibility[joint] >= SEEN_VISIBILITY && isInside(image[4 * joint]) && isInside(image[4 * joint + 1]);
    return this.#parts.every((sides) => (one ? sides.some(isSeen) : sides.every(isSeen)));
  }

  /** Hidden joints are guessed near the others, so only their place tells whether the athlete has left. */
  #isPresent(frame: Frame) {
    const image = frame.landmarks as Float32Array;
    const inside = this.#parts.filter((sides) => sides.some((joint) => isInside(image[4 * joint]) && isInside(image[4 * joint + 1])));
    return 2 * inside.length >= this.#parts.length;
  }

  #side(body: Body): "left" | "right" {
    const pairs = this.#parts.filter((sides) => sides.length === 2);
    const lead = pairs.reduce((sum, [left, right]) => sum + body.visibility[left] - body.visibility[right], 0);
    return lead >= 0 ? "left" : "right";
  }
}

function isInside(share: number) {
  return share >= 0 && share <= 1;
}

/**
 * Name the view by the orientation of the trunk: within 37 degrees of the image plane it is a front view,
 * beyond 63 degrees a side view.
 * @param turned 1 towards the camera, 0 sideways, -1 away
 */
export function viewOf(turned: number): View {
  if (Math.abs(turned) <= 0.45) return "side";
  if (Math.abs(turned) < 0.8) return "oblique";
  return turned > 0 ? "front" : "rear";
}
