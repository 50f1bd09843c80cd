/**
 * Ghost coach: a recorded repetition performed with the athlete's proportions, position and tempo,
 * with the deviation of each joint.
 * @module
 */

import { bodyOf, facing } from "../motion/body.js";
import { deviationsOf, JOINTS, Steady } from "./deviation.js";
import { figureOf, mirrored, turnedTo } from "./figure.js";
import { Follower } from "./follower.js";
import { placed, Ruler, scaleOf } from "./limbs.js";
import { mirroredInSpace } from "./space.js";
import { centred, stepsOf } from "./track.js";

/** @typedef {import("./figure.js").Figure} Figure */
/** @typedef {import("./track.js").Track} Track */
/** @typedef {"idle" | "measuring" | "following" | "unseen" | "unlike"} Stage `unlike`: the recording shows too little of the body */
/**
 * @typedef {object} Coaching
 * @property {Stage} stage
 * @property {number} share progress of the measurement, 0..1
 * @property {Figure | null} ghost in the athlete's picture
 * @property {Figure | null} athlete
 * @property {number | null} atS the ghost's time in the recording, in seconds
 * @property {number} rounds repetitions done together
 * @property {import("./deviation.js").Deviation[]} deviations one per joint
 * @property {number | null} turnedDeg angle between the athlete's trunk and the camera, 0..180
 */

/** Number of frames for the first measurement of the limbs, about a second. */
export const LOOKS = 15;

/** The measurement continues while the athlete moves; the ghost is adjusted after this many frames. */
const LOOKS_BETWEEN = 15;

const DEGREES = 180 / Math.PI;

/** Coaches one athlete with one repetition. */
export class GhostCoach {
  /** Whether the ghost is mirrored. */
  isMirrored = false;
  /** Whether the ghost keeps the athlete's tempo instead of the recording's. */
  keepsTempo = true;
  #ruler = new Ruler();
  #steady = new Steady();
  /** Null if nothing can be performed, undefined until it is known. @type {Track | null | undefined} */
  #track;
  /** @type {Figure[]} */
  #seen = [];
  /** @type {import("./track.js").Steps | null} */
  #steps = null;
  /** @type {Follower | null} */
  #follower = null;
  #rounds = 0;
  #step = 0;

  /** Perform another repetition. @param {Track | null | undefined} track null if too little is visible, undefined until it is known */
  teach(track) {
    this.#track = track;
    this.#fit();
  }

  /** Measure the athlete's limbs again. */
  measureAgain() {
    this.#ruler = new Ruler();
    this.#seen = [];
    this.#fit();
  }

  /** Set the mirroring. @param {boolean} isMirrored */
  mirror(isMirrored) {
    this.isMirrored = isMirrored;
    this.#fit();
  }

  /**
   * Whether the athlete is turned to the other side than the recorded one, so that the ghost should be mirrored.
   * @returns {boolean} false until both are known
   */
  get facesOtherWay() {
    const recorded = side(this.#track?.figures.filter((figure) => figure !== null) ?? []);
    const own = side(this.#seen);
    return recorded !== 0 && own === -recorded;
  }

  /**
   * Process the next frame.
   * @param {{timeMs: number, landmarks: Float32Array | null, world?: Float32Array | null, aspectRatio: number}} frame
   * @param {number | null} [filmS] the recording's time, for a ghost that keeps the recording's tempo
   * @returns {Coaching}
   */
  see(frame, filmS = null) {
    const athlete = frame.landmarks && figureOf(frame.landmarks, frame.aspectRatio);
    if (this.#track === undefined) return this.#tell("idle", athlete, frame);
    const body = athlete && centred(athlete);
    if (!athlete || !body) return this.#tell("unseen", athlete, frame);
    if (this.#seen.length < LOOKS) {
      this.#measure(athlete);
      return this.#tell("measuring", athlete, frame);
    }
    if (!this.#steps) return this.#tell("unlike", athlete, frame);
    this.#measureOn(athlete);
    if (this.#steps.telling.length === 0) this.#step = this.#steps.figures.length >> 1; // a hold: any step will do
    else if (this.keepsTempo) {
      const phase = this.#follower?.follow(body, frame.timeMs / 1000);
      if (!phase) return this.#tell("unseen", athlete, frame);
      this.#step = phase.step;
      this.#rounds = phase.rounds;
    } else if (filmS !== null) this.#step = this.#stepAt(filmS);
    return this.#tell("following", athlete, frame);
  }

  /** @param {Figure} athlete */
  #measure(athlete) {
    this.#ruler.add(athlete);
    this.#seen.push(athlete);
    if (this.#seen.length === LOOKS) this.#fit();
  }

  /** Refine the measurement while the athlete moves; limbs may have been foreshortened at first. @param {Figure} athlete */
  #measureOn(athlete) {
    this.#ruler.add(athlete);
    if (this.#ruler.looks % LOOKS_BETWEEN !== 0) return;
    const steps = this.#fitted();
    if (!steps) return;
    this.#steps = steps;
    this.#follower?.fit(steps);
  }

  /** Restart with the track, if the track and the athlete's limbs are known. */
  #fit() {
    this.#steady = new Steady();
    [this.#step, this.#rounds] = [0, 0];
    this.#steps = this.#fitted();
    this.#follower = this.#steps && new Follower(this.#steps, /** @type {Track} */ (this.#track).stepS);
  }

  /** The track with the athlete's proportions; null if either is unknown. */
  #fitted() {
    if (!this.#track || this.#seen.length < LOOKS) return null;
    const scale = scaleOf(this.#ruler.lengths(), this.#track.lengths);
    const turned = this.isMirrored ? { ...this.#track, figures: this.#track.figures.map((figure) => figure && mirrored(figure)) } : this.#track;
    return scale && stepsOf(turned, scale);
  }

  /** @param {number} timeS */
  #stepAt(timeS) {
    const { startS, stepS, figures } = /** @type {Track} */ (this.#track);
    return Math.min(Math.max(Math.round((timeS - startS) / stepS), 0), figures.length - 1);
  }

  /** The ghost's body in space; null if depth was not recorded. */
  get #world() {
    const world = this.#track?.worlds[this.#step] ?? null;
    return world && this.isMirrored ? mirroredInSpace(world) : world;
  }

  /** @param {Stage} stage @param {Figure | null} athlete @param {any} frame @returns {Coaching} */
  #tell(stage, athlete, frame) {
    const isThere = stage === "following" && athlete !== null;
    const bare = isThere ? (this.#steps?.figures[this.#step] ?? null) : null;
    const ghost = bare && athlete && placed(bare, athlete, /** @type {Track} */ (this.#track).support);
    const deviations = ghost && athlete ? deviationsOf(athlete, ghost, frame.world ?? null, this.#world) : JOINTS.map((joint) => ({ joint, degrees: null, isFlat: false }));
    return {
      stage, ghost, athlete, rounds: this.#rounds, share: Math.min(this.#seen.length / LOOKS, 1), turnedDeg: turnedDegOf(frame),
      atS: isThere && this.#track ? this.#track.startS + this.#step * this.#track.stepS : null,
      deviations: this.#steady.take(deviations, frame.timeMs),
    };
  }
}

/** Side to which most figures are turned; 0 if they disagree. @param {Figure[]} figures */
function side(figures) {
  const mean = figures.reduce((sum, figure) => sum + turnedTo(figure), 0) / Math.max(figures.length, 1);
  return Math.abs(mean) > 0.5 ? Math.sign(mean) : 0;
}

/** Angle between a trunk and the camera in degrees: 0 facing it, 90 sideways. @param {import("../motion/body.js").Frame} frame @returns {number | null} */
export function turnedDegOf(frame) {
  const body = bodyOf(frame);
  const towards = body ? facing(body) : NaN;
  return Number.isNaN(towards) ? null : DEGREES * Math.acos(Math.min(Math.max(towards, -1), 1));
}
