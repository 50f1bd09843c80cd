/**
 * How far the athlete's joints are from the recorded ones, in degrees.
 *
 * Angles are those of the body in space where both the athlete and the recording tell its depth, as those by which
 * repetitions are counted are. Else they are those of the picture's plane: the body's own only as far as it moves in
 * that plane, and to be compared only where both were looked at from the same side.
 * @module
 */

import { HIP, SHOULDER } from "../motion/landmarks.js";
import { isSeen, middleOf, placeOf } from "./figure.js";
import { angleInSpace, leansApart } from "./space.js";

/** @typedef {import("./figure.js").Figure} Figure */
/** @typedef {"close" | "off" | "far" | "unseen"} Closeness */
/** @typedef {import("./space.js").World} World */
/**
 * @typedef {object} Deviation
 * @property {string} joint
 * @property {number | null} degrees The athlete's angle less the recorded one, of the trunk in space how far apart they are; null where one of them is not seen.
 * @property {boolean} isFlat Whether that is as the flat picture shows it.
 */

/** Joints, with the landmarks before, at and after them. @type {readonly (readonly [string, number, number, number])[]} */
const ANGLES = [
  ["left_shoulder", 23, 11, 13], ["right_shoulder", 24, 12, 14],
  ["left_elbow", 11, 13, 15], ["right_elbow", 12, 14, 16],
  ["left_hip", 11, 23, 25], ["right_hip", 12, 24, 26],
  ["left_knee", 23, 25, 27], ["right_knee", 24, 26, 28],
  ["left_ankle", 25, 27, 31], ["right_ankle", 26, 28, 32],
];

/** The joints that are compared, and the trunk's lean. */
export const JOINTS = Object.freeze([...ANGLES.map(([joint]) => joint), "trunk"]);

/** Where a joint's number is to be written: the landmark it is at; the trunk has none. @type {ReadonlyMap<string, number>} */
export const JOINT_PLACES = new Map(ANGLES.map(([joint, , at]) => [joint, at]));

/**
 * Degrees up to which a joint is close, and up to which it is off; beyond that it is far off. The
 * classes are this page's own, the number stands beside them: below ten degrees a difference is
 * within what two looks of a pose model at the same pose differ by.
 */
export const CLOSE_DEG = 10;
export const OFF_DEG = 20;

/** How much of a deviation's past is forgotten each second: what is shown does not flicker. */
const FORGOTTEN_PER_S = 0.98;

const DEGREES = 180 / Math.PI;

/**
 * The angle of each of JOINTS, degrees: 0..180 at joints; the trunk's lean from the vertical -180..180,
 * positive towards the picture's right. NaN where a landmark that it needs is not seen.
 * @param {Figure} figure
 * @returns {Float64Array}
 */
export function anglesOf(figure) {
  const angles = Float64Array.from(ANGLES, ([, from, at, to]) => ([from, at, to].every((each) => isSeen(figure, each)) ? angleAt(figure, from, at, to) : NaN));
  return Float64Array.of(...angles, leanOf(figure));
}

/** @param {Figure} figure @param {number} from @param {number} at @param {number} to */
function angleAt(figure, from, at, to) {
  const [x, y] = placeOf(figure, at);
  const [one, other] = [from, to].map((each) => { const place = placeOf(figure, each); return Math.atan2(place[1] - y, place[0] - x); });
  const turn = Math.abs(one - other);
  return DEGREES * Math.min(turn, 2 * Math.PI - turn);
}

/** @param {Figure} figure */
function leanOf(figure) {
  const [hips, shoulders] = [middleOf(figure, HIP), middleOf(figure, SHOULDER)];
  return hips && shoulders ? DEGREES * Math.atan2(shoulders[0] - hips[0], hips[1] - shoulders[1]) : NaN;
}

/**
 * Compare two bodies: where each is seen in its picture, and how it lies in space, as far as that is known.
 * @param {Figure} athlete @param {Figure} recorded @param {World | null} [athleteWorld] @param {World | null} [recordedWorld]
 * @returns {Deviation[]} one for each of JOINTS
 */
export function deviationsOf(athlete, recorded, athleteWorld = null, recordedWorld = null) {
  const [own, theirs] = [anglesOf(athlete), anglesOf(recorded)];
  return JOINTS.map((joint, at) => {
    const turn = own[at] - theirs[at];
    if (Number.isNaN(turn)) return { joint, degrees: null, isFlat: false };
    const inSpace = athleteWorld && recordedWorld ? turnInSpace(at, athleteWorld, recordedWorld) : NaN;
    const isFlat = Number.isNaN(inSpace);
    return { joint, degrees: isFlat ? turn - 360 * Math.round(turn / 360) : inSpace, isFlat };
  });
}

/** @param {number} at of JOINTS @param {World} own @param {World} theirs @returns {number} NaN where a landmark that it needs has no place in space */
function turnInSpace(at, own, theirs) {
  if (at === ANGLES.length) return leansApart(own, theirs);
  const [, from, vertex, to] = ANGLES[at];
  return angleInSpace(own, from, vertex, to) - angleInSpace(theirs, from, vertex, to);
}

/** @param {number | null} degrees @returns {Closeness} */
export function closeness(degrees) {
  if (degrees === null) return "unseen";
  const size = Math.abs(degrees);
  return size <= CLOSE_DEG ? "close" : size <= OFF_DEG ? "off" : "far";
}

/** Steadies deviations that come one after the other. */
export class Steady {
  /** @type {Map<string, number>} */
  #known = new Map();
  #timeMs = -Infinity;

  /** @param {Deviation[]} deviations @param {number} timeMs @returns {Deviation[]} a joint that is not seen has no past */
  take(deviations, timeMs) {
    const share = 1 - (1 - FORGOTTEN_PER_S) ** (Math.max(timeMs - this.#timeMs, 0) / 1000);
    this.#timeMs = timeMs;
    return deviations.map((each) => {
      const { joint, degrees } = each;
      if (degrees === null) {
        this.#known.delete(joint);
        return each;
      }
      const before = this.#known.get(joint) ?? degrees;
      const now = before + share * (degrees - before);
      this.#known.set(joint, now);
      return { ...each, degrees: now };
    });
  }
}
