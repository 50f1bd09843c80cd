/**
 * Deviations of the athlete's joints from the recorded ones, in degrees.
 *
 * Angles are measured in space if both the athlete and the recording have depth, like the angles by which
 * repetitions are counted. Otherwise they are measured in the picture plane, where they can only be compared
 * if both are seen from the same side.
 * @module
 */

import { HIP, SHOULDER } from "../motion/landmarks.ts";
import { isSeen, middleOf, placeOf, type Figure } from "./figure.ts";
import { angleInSpace, leansApart, type World } from "./space.ts";

export type Closeness = "close" | "off" | "far" | "unseen";
export interface Deviation {
  joint: string;
  /** athlete's angle minus the recorded one; for the trunk in space, the angle between the two; null if one of them is not visible */
  degrees: number | null;
  /** whether it was measured in the picture plane */
  isFlat: boolean;
}

/** Joints with three landmarks: before, at and after the joint. */
const ANGLES: readonly (readonly [string, number, number, number])[] = [
  ["left_shoulder", 23, 11, 13], ["right_shoulder", 24, 12, 14],
  ["left_elbow", 11, 13, 15], ["right_elbow", 12, 14, 16],
  ["left_hip", 11, 23, 25], ["right_hip", 12, 24, 26],
  ["left_knee", 23, 25, 27], ["right_knee", 24, 26, 28],
  ["left_ankle", 25, 27, 31], ["right_ankle", 26, 28, 32],
];

/** The compared joints, and the lean of the trunk. */
export const JOINTS = Object.freeze([...ANGLES.map(([joint]) => joint), "trunk"]);

/** The landmark where the number of a joint is drawn; the trunk has none. */
export const JOINT_PLACES: ReadonlyMap<string, number> = new Map(ANGLES.map(([joint, , at]) => [joint, at]));

/**
 * Limits in degrees: up to CLOSE_DEG a joint is close, up to OFF_DEG it is off, beyond it is far off.
 * The page defines these classes and shows the number beside them. Below ten degrees, a difference is
 * within the variation of a pose model on the same pose.
 */
export const CLOSE_DEG = 10;
export const OFF_DEG = 20;

/** Share of the past that is forgotten per second, so that the numbers do not flicker. */
const FORGOTTEN_PER_S = 0.98;

const DEGREES = 180 / Math.PI;

/**
 * Angle of each of JOINTS in degrees: 0..180 at joints; lean of the trunk from the vertical -180..180,
 * positive to the right of the picture. NaN if a landmark is not visible.
 */
export function anglesOf(figure: Figure): Float64Array {
  const angles = Float64Array.from(ANGLES, ([, from, at, to]) => ([from, at, to].every((each) => isSeen(figure, each)) ? angleAt(figure, from, at, to) : NaN));
  return Float64Array.of(...angles, leanOf(figure));
}

function angleAt(figure: Figure, from: number, at: number, to: number) {
  const [x, y] = placeOf(figure, at);
  const [one, other] = [from, to].map((each) => { const place = placeOf(figure, each); return Math.atan2(place[1] - y, place[0] - x); });
  const turn = Math.abs(one - other);
  return DEGREES * Math.min(turn, 2 * Math.PI - turn);
}

function leanOf(figure: Figure) {
  const [hips, shoulders] = [middleOf(figure, HIP), middleOf(figure, SHOULDER)];
  return hips && shoulders ? DEGREES * Math.atan2(shoulders[0] - hips[0], hips[1] - shoulders[1]) : NaN;
}

/**
 * Compare two bodies, in space if depth is known and otherwise in the picture.
 * @returns one for each of JOINTS
 */
export function deviationsOf(athlete: Figure, recorded: Figure, athleteWorld: World | null = null, recordedWorld: World | null = null): Deviation[] {
  const [own, theirs] = [anglesOf(athlete), anglesOf(recorded)];
  return JOINTS.map((joint, at) => {
    const turn = own[at] - theirs[at];
    if (Number.isNaN(turn)) return { joint, degrees: null, isFlat: false };
    const inSpace = athleteWorld && recordedWorld ? turnInSpace(at, athleteWorld, recordedWorld) : NaN;
    const isFlat = Number.isNaN(inSpace);
    return { joint, degrees: isFlat ? turn - 360 * Math.round(turn / 360) : inSpace, isFlat };
  });
}

/** @param at index in JOINTS @returns NaN if a landmark has no position in space */
function turnInSpace(at: number, own: World, theirs: World): number {
  if (at === ANGLES.length) return leansApart(own, theirs);
  const [, from, vertex, to] = ANGLES[at];
  return angleInSpace(own, from, vertex, to) - angleInSpace(theirs, from, vertex, to);
}

export function closeness(degrees: number | null): Closeness {
  if (degrees === null) return "unseen";
  const size = Math.abs(degrees);
  return size <= CLOSE_DEG ? "close" : size <= OFF_DEG ? "off" : "far";
}

/** Smooths consecutive deviations. */
export class Steady {
  #smoothed: Map<string, number> = new Map();
  #timeMs = -Infinity;

  /** @returns a joint that is not visible starts anew */
  take(deviations: Deviation[], timeMs: number): Deviation[] {
    const share = 1 - (1 - FORGOTTEN_PER_S) ** (Math.max(timeMs - this.#timeMs, 0) / 1000);
    this.#timeMs = timeMs;
    return deviations.map((each) => {
      const { joint, degrees } = each;
      if (degrees === null) {
        this.#smoothed.delete(joint);
        return each;
      }
      const before = this.#smoothed.get(joint) ?? degrees;
      const now = before + share * (degrees - before);
      this.#smoothed.set(joint, now);
      return { ...each, degrees: now };
    });
  }
}
