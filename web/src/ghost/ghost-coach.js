/**
 * The ghost coach: a recorded repetition, performed with the athlete's limbs, where the athlete is,
 * in the athlete's tempo; and how far each joint of the athlete is from it.
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
/** @typedef {"idle" | "measuring" | "following" | "unseen" | "unlike"} Stage `unlike`: too little of the recorded body is seen. */
/**
 * @typedef {object} Coaching
 * @property {Stage} stage
 * @property {number} share How much of the measuring is done, 0..1.
 * @property {Figure | null} ghost In the athlete's picture.
 * @property {Figure | null} athlete
 * @property {number | null} atS The ghost's moment in the recording, seconds.
 * @property {number} rounds Repetitions done together.
 * @property {import("./deviation.js").Deviation[]} deviations Of each joint.
 * @property {number | null} turnedDeg How far the athlete's trunk is turned away from the camera, 0..180.
 */

/** Looks at the athlete before their limbs are known: about a second. */
export const LOOKS = 15;

/** Their limbs are measured on while they move: after so many looks the ghost's are put right. */
const LOOKS_BETWEEN = 15;

const DEGREES = 180 / Math.PI;

/** Coaches one athlete with one repetition. */
export class GhostCoach {
  /** Whether the ghost is the recorded athlete's mirror image. */
  isMirrored = false;
  /** Whether the ghost keeps the athlete's tempo, not the recording's. */
  keepsTempo = true;
  #ruler = new Ruler();
  #steady = new Steady();
  /** Null where nothing can be performed, undefined until it is known. @type {Track | null | undefined} */
  #track;
  /** @type {Figure[]} */
  #seen = [];
  /** @type {import("./track.js").Steps | null} */
  #steps = null;
  /** @type {Follower | null} */
  #follower = null;
  #rounds = 0;
  #step = 0;

  /** Perform another repetition. @param {Track | null | undefined} track null where too little of it is seen, undefined until it is known */
  teach(track) {
    this.#track = track;
    this.#fit();
  }

  /** Look at the athlete's limbs anew. */
  measureAgain() {
    this.#ruler = new Ruler();
    this.#seen = [];
    this.#fit();
  }

  /** Perform it with the other side of the body. @param {boolean} isMirrored */
  mirror(isMirrored) {
    this.isMirrored = isMirrored;
    this.#fit();
  }

  /**
   * Whether the athlete is turned to the other side than the recorded one, so that a mirror image is wanted.
   * @returns {boolean} false until both are known
   */
  get facesOtherWay() {
    const recorded = side(this.#track?.figures.filter((figure) => figure !== null) ?? []);
    const own = side(this.#seen);
    return recorded !== 0 && own === -recorded;
  }

  /**
   * Take the athlete's next frame.
   * @param {{timeMs: number, landmarks: Float32Array | null, world?: Float32Array | null, aspectRatio: number}} frame
   * @param {number | null} [filmS] the recording's moment, for a ghost that does not keep the athlete's tempo
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
    if (this.#steps.telling.length === 0) this.#step = this.#steps.figures.length >> 1; // held: any moment of it will do
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

  /** Who did not stand straight at first shows their limbs later. @param {Figure} athlete */
  #measureOn(athlete) {
    this.#ruler.add(athlete);
    if (this.#ruler.looks % LOOKS_BETWEEN !== 0) return;
    const steps = this.#fitted();
    if (!steps) return;
    this.#steps = steps;
    this.#follower?.fit(steps);
  }

  /** Begin anew with the track, as far as it and the athlete are known. */
  #fit() {
    this.#steady = new Steady();
    [this.#step, this.#rounds] = [0, 0];
    this.#steps = this.#fitted();
    this.#follower = this.#steps && new Follower(this.#steps, /** @type {Track} */ (this.#track).stepS);
  }

  /** The track with the athlete's limbs; null where it or they are not known. */
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

  /** The ghost in space, where that was recorded. */
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

/** To which side most of these figures are turned, 0 where they do not agree. @param {Figure[]} figures */
function side(figures) {
  const mean = figures.reduce((sum, figure) => sum + turnedTo(figure), 0) / Math.max(figures.length, 1);
  return Math.abs(mean) > 0.5 ? Math.sign(mean) : 0;
}

/** How far a trunk is turned away from the camera, degrees: 0 facing it, 90 sideways. @param {import("../motion/body.js").Frame} frame @returns {number | null} */
export function turnedDegOf(frame) {
  const body = bodyOf(frame);
  const towards = body ? facing(body) : NaN;
  return Number.isNaN(towards) ? null : DEGREES * Math.acos(Math.min(Math.max(towards, -1), 1));
}
