/**
 * Retargeting: one body's movement with another body's limb lengths.
 * @module
 */

import { ANKLE, COUNT, HIP, SHOULDER, WRIST } from "../motion/landmarks.js";
import { STRIDE } from "../ui/skeleton.js";
import { isSeen, middleOf, placeOf } from "./figure.js";

/** @typedef {import("./figure.js").Figure} Figure */
/** @typedef {Map<string, number>} Lengths of body parts, in picture heights; without parts that were not visible */

/** Two virtual points: the middle of the hips and the middle of the shoulders. */
const HIPS = COUNT;
const SHOULDERS = COUNT + 1;

/** Segments from the hips outwards: from, to, and their body part (left and right share one). @type {readonly (readonly [number, number, string])[]} */
const SEGMENTS = [
  [HIPS, SHOULDERS, "trunk"], [HIPS, 23, "pelvis"], [HIPS, 24, "pelvis"],
  [SHOULDERS, 11, "shoulders"], [SHOULDERS, 12, "shoulders"],
  [11, 13, "upper_arm"], [12, 14, "upper_arm"], [13, 15, "forearm"], [14, 16, "forearm"],
  ...[17, 19, 21].map((at) => /** @type {const} */ ([15, at, "hand"])), ...[18, 20, 22].map((at) => /** @type {const} */ ([16, at, "hand"])),
  [23, 25, "thigh"], [24, 26, "thigh"], [25, 27, "shank"], [26, 28, "shank"],
  [27, 29, "heel"], [28, 30, "heel"], [27, 31, "foot"], [28, 32, "foot"],
  [SHOULDERS, 0, "neck"], ...Array.from({ length: 10 }, (_, at) => /** @type {const} */ ([0, at + 1, "face"])),
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
const SUPPORTS = /** @type {const} */ ([ANKLE, WRIST, HIP]);

/** Measures the parts of one body over several frames. */
export class Ruler {
  /** @type {Map<string, number[]>} */
  #looks = new Map(PARTS.map((part) => [part, []]));

  /** Number of measured frames. */
  looks = 0;

  /** Measure one frame. @param {Figure} figure */
  add(figure) {
    this.looks += 1;
    const longest = new Map();
    for (const [from, to, part] of SEGMENTS) {
      const [one, other] = [pointOf(figure, from), pointOf(figure, to)];
      if (one && other) longest.set(part, Math.max(longest.get(part) ?? 0, Math.hypot(other[0] - one[0], other[1] - one[1])));
    }
    for (const [part, length] of longest) {
      const looks = /** @type {number[]} */ (this.#looks.get(part));
      looks.push(length);
      if (looks.length > MOST_LOOKS) looks.shift();
    }
  }

  /** @returns {Lengths} */
  lengths() {
    const measured = [...this.#looks].filter(([, looks]) => looks.length >= LEAST_LOOKS);
    return new Map(measured.map(([part, looks]) => [part, high(looks)]));
  }
}

/** @param {number[]} values */
function high(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(LONGEST_SHARE * (sorted.length - 1))];
}

/** Position of a landmark or virtual point; null if it is not visible. @param {Figure} figure @param {number} at @returns {[number, number] | null} */
function pointOf(figure, at) {
  if (at === HIPS) return middleOf(figure, HIP);
  if (at === SHOULDERS) return middleOf(figure, SHOULDER);
  return isSeen(figure, at) ? placeOf(figure, at) : null;
}

/**
 * Ratios between the parts of two bodies. A part that one of them did not show gets the ratio of the
 * whole body.
 * @param {Lengths} own @param {Lengths} recorded
 * @returns {Map<string, number> | null} null if neither trunk nor limbs can be compared
 */
export function scaleOf(own, recorded) {
  const ratio = (/** @type {string} */ part) => (own.get(part) ?? NaN) / (recorded.get(part) ?? NaN);
  const measured = LONG_PARTS.map(ratio).filter((each) => Number.isFinite(each) && each > 0).sort((a, b) => a - b);
  if (measured.length === 0) return null;
  const whole = measured[measured.length >> 1];
  const plausible = (/** @type {number} */ each) => (Number.isFinite(each) ? Math.min(Math.max(each, whole / MOST_UNLIKE), whole * MOST_UNLIKE) : whole);
  return new Map(PARTS.map((part) => [part, plausible(ratio(part))]));
}

/**
 * A recorded figure with another body's limb lengths, centered between its hips.
 * Parts that the recording does not show, and the parts attached to them, are missing.
 * @param {Figure} figure @param {Map<string, number>} scale
 * @returns {Figure | null} null if the hips are not visible
 */
export function scaled(figure, scale) {
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

/** Move a figure. @param {Figure} figure @param {number} x @param {number} y @returns {Figure} */
export function moved(figure, x, y) {
  return figure.map((value, at) => value + (at % STRIDE === 0 ? x : at % STRIDE === 1 ? y : 0));
}

/**
 * The support of a movement: the pair of joints that moves least.
 * @param {(Figure | null)[]} figures
 * @returns {readonly [number, number]}
 */
export function supportOf(figures) {
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
 * @param {Figure} ghost centered between its hips @param {Figure} athlete @param {readonly [number, number]} support
 * @returns {Figure | null} null if neither is visible
 */
export function placed(ghost, athlete, support) {
  for (const pair of [support, HIP]) {
    const [own, theirs] = [middleOf(ghost, pair), middleOf(athlete, pair)];
    if (own && theirs) return moved(ghost, theirs[0] - own[0], theirs[1] - own[1]);
  }
  return null;
}
