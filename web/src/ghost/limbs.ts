/**
 * Retargeting: one body's movement with another body's limb lengths.
 * @module
 */

import { ANKLE, COUNT, HIP, SHOULDER, WRIST } from "../motion/landmarks.ts";
import { STRIDE } from "../ui/skeleton.ts";
import { isSeen, middleOf, placeOf, type Figure } from "./figure.ts";

/** of body parts, in picture heights; without parts that were not visible */
export type Lengths = Map<string, number>;

/** Two virtual points: the middle of the hips and the middle of the shoulders. */
const HIPS = COUNT;
const SHOULDERS = COUNT + 1;

/** Segments from the hips outwards: from, to, and their body part (left and right share one). */
const SEGMENTS: readonly (readonly [number, number, string])[] = [
  [HIPS, SHOULDERS, "trunk"], [HIPS, 23, "pelvis"], [HIPS, 24, "pelvis"],
  [SHOULDERS, 11, "shoulders"], [SHOULDERS, 12, "shoulders"],
  [11, 13, "upper_arm"], [12, 14, "upper_arm"], [13, 15, "forearm"], [14, 16, "forearm"],
  ...[17, 19, 21].map((at) => [15, at, "hand"] as const), ...[18, 20, 22].map((at) => [16, at, "hand"] as const),
  [23, 25, "thigh"], [24, 26, "thigh"], [25, 27, "shank"], [26, 28, "shank"],
  [27, 29, "heel"], [28, 30, "heel"], [27, 31, "foot"], [28, 32, "foot"],
  [SHOULDERS, 0, "neck"], ...Array.from({ length: 10 }, (_, at) => [0, at + 1, "face"] as const),
];

const PARTS = [...new Set(SEGMENTS.map(([, , part]) => part))];

/** Parts that determine how large a body appears in the picture. */
const LONG_PARTS = ["trunk", "thigh", "shank", "upper_arm", "forearm"];

/** Minimum number of samples of a part. */
const LEAST_LOOKS = 5;

/** Maximum number of samples, so that a change of distance is picked up within a minute. */
const MOST_LOOKS = 600;

/** Quantile of the samples that is taken as length: a part appears longest in the picture plane. */
const LONGEST_SHARE = 0.9;

/** Limit of the ratio between two people's proportions; a larger ratio is due to foreshortening. */
const MOST_UNLIKE = 1.35;

/** Joints that may support the body: feet on the floor, hands on a bar, hips on a bench. */
const SUPPORTS = [ANKLE, WRIST, HIP] as const;

/** Measures the parts of one body over several frames. */
export class Ruler {
  #looks: Map<string, number[]> = new Map(PARTS.map((part) => [part, []]));

  /** Number of measured frames. */
  looks = 0;

  /** Measure one frame. */
  add(figure: Figure) {
    this.looks += 1;
    const longest = new Map();
    for (const [from, to, part] of SEGMENTS) {
      const [one, other] = [pointOf(figure, from), pointOf(figure, to)];
      if (one && other) longest.set(part, Math.max(longest.get(part) ?? 0, Math.hypot(other[0] - one[0], other[1] - one[1])));
    }
    for (const [part, length] of longest) {
      const looks = this.#looks.get(part) as number[];
      looks.push(length);
      if (looks.length > MOST_LOOKS) looks.shift();
    }
  }

  lengths(): Lengths {
    const measured = [...this.#looks].filter(([, looks]) => looks.length >= LEAST_LOOKS);
    return new Map(measured.map(([part, looks]) => [part, high(looks)]));
  }
}

function high(values: number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(LONGEST_SHARE * (sorted.length - 1))];
}

/** Position of a landmark or virtual point; null if it is not visible. */
function pointOf(figure: Figure, at: number): [number, number] | null {
  if (at === HIPS) return middleOf(figure, HIP);
  if (at === SHOULDERS) return middleOf(figure, SHOULDER);
  return isSeen(figure, at) ? placeOf(figure, at) : null;
}

/**
 * Ratios between the parts of two bodies. A part that one of them did not show gets the ratio of the
 * whole body.
 * @returns null if neither trunk nor limbs can be compared
 */
export function scaleOf(own: Lengths, recorded: Lengths): Map<string, number> | null {
  const ratio = (part: string) => (own.get(part) ?? NaN) / (recorded.get(part) ?? NaN);
  const measured = LONG_PARTS.map(ratio).filter((each) => Number.isFinite(each) && each > 0).sort((a, b) => a - b);
  if (measured.length === 0) return null;
  const whole = measured[measured.length >> 1];
  const plausible = (each: number) => (Number.isFinite(each) ? Math.min(Math.max(each, whole / MOST_UNLIKE), whole * MOST_UNLIKE) : whole);
  return new Map(PARTS.map((part) => [part, plausible(ratio(part))]));
}

/**
 * A recorded figure with another body's limb lengths, centered between its hips.
 * Parts that the recording does not show, and the parts attached to them, are missing.
 * @returns null if the hips are not visible
 */
export function scaled(figure: Figure, scale: Map<string, number>): Figure | null {
  if (!pointOf(figure, HIPS)) return null;
  const places = new Map([[HIPS, [0, 0]]]);
  const result = new Float32Array(COUNT * STRIDE).fill(NaN);
  for (const [from, to, part] of SEGMENTS) {
    const [root, one, other] = [places.get(from), pointOf(figure, from), pointOf(figure, to)];
    if (!root || !one || !other) continue;
    const by = scale.get(part) ?? 1;
    const place = [root[0] + by * (other[0] - one[0]), root[1] + by * (other[1] - one[1])];
    places.set(to, place);
    if (to < COUNT) result.set([...place, figure[STRIDE * to + 2]], STRIDE * to);
  }
  return result;
}

/** Move a figure. */
export function moved(figure: Figure, x: number, y: number): Figure {
  return figure.map((value, at) => value + (at % STRIDE === 0 ? x : at % STRIDE === 1 ? y : 0));
}

/** The support of a movement: the pair of joints that moves least. */
export function supportOf(figures: (Figure | null)[]): readonly [number, number] {
  const roaming = SUPPORTS.map((pair) => {
    const places = figures.flatMap((figure) => { const place = figure && middleOf(figure, pair); return place ? [place] : []; });
    if (places.length < figures.length / 2) return Infinity;
    return Math.hypot(...[0, 1].map((axis) => { const values = places.map((place) => place[axis]); return Math.max(...values) - Math.min(...values); }));
  });
  const least = Math.min(...roaming);
  return SUPPORTS[Number.isFinite(least) ? roaming.indexOf(least) : SUPPORTS.length - 1];
}

/**
 * Place a ghost at the athlete, by the support or else by the hips.
 * @param ghost centered between its hips @returns null if neither is visible
 */
export function placed(ghost: Figure, athlete: Figure, support: readonly [number, number]): Figure | null {
  for (const pair of [support, HIP]) {
    const [own, theirs] = [middleOf(ghost, pair), middleOf(athlete, pair)];
    if (own && theirs) return moved(ghost, theirs[0] - own[0], theirs[1] - own[1]);
  }
  return null;
}
