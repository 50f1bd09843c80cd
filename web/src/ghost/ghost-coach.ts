/**
 * Ghost coach: a recorded repetition performed with the athlete's proportions, position and tempo,
 * with the deviation of each joint.
 * @module
 */

import { deviationsOf, JOINTS, Steady, type Deviation } from "./deviation.ts";
import { figureOf, mirrored, turnedTo, type Figure } from "./figure.ts";
import { Follower } from "./follower.ts";
import { placed, Ruler, scaleOf } from "./limbs.ts";
import { mirroredInSpace } from "./space.ts";
import { turnedDegOf } from "./turned.ts";
import { centred, stepsOf, type Steps, type Track } from "./track.ts";
import type { Frame } from "../motion/body.ts";

/** `unlike`: the recording shows too little of the body */
export type Stage = "idle" | "measuring" | "following" | "unseen" | "unlike";
export interface Coaching {
  stage: Stage;
  /** progress of the measurement, 0..1 */
  share: number;
  /** in the athlete's picture */
  ghost: Figure | null;
  athlete: Figure | null;
  /** the ghost's time in the recording, in seconds */
  atS: number | null;
  /** repetitions done together */
  rounds: number;
  /** one per joint */
  deviations: Deviation[];
  /** angle between the athlete's trunk and the camera, 0..180 */
  turnedDeg: number | null;
}

/** Number of frames for the first measurement of the limbs, about a second. */
export const LOOKS = 15;

/** The measurement continues while the athlete moves; the ghost is adjusted after this many frames. */
const LOOKS_BETWEEN = 15;


/** Coaches one athlete with one repetition. */
export class GhostCoach {
  /** Whether the ghost is mirrored. */
  isMirrored = false;
  /** Whether the ghost keeps the athlete's tempo instead of the recording's. */
  keepsTempo = true;
  #ruler = new Ruler();
  #steady = new Steady();
  /** Null if nothing can be performed, undefined until it is known. */
  #track: Track | null | undefined;
  #seen: Figure[] = [];
  #steps: Steps | null = null;
  #follower: Follower | null = null;
  #rounds = 0;
  #step = 0;

  /** Perform another repetition. @param track null if too little is visible, undefined until it is known */
  teach(track: Track | null | undefined) {
    this.#track = track;
    this.#fit();
  }

  /** Measure the athlete's limbs again. */
  measureAgain() {
    this.#ruler = new Ruler();
    this.#seen = [];
    this.#fit();
  }

  /** Set the mirroring. */
  mirror(isMirrored: boolean) {
    this.isMirrored = isMirrored;
    this.#fit();
  }

  /**
   * Whether the athlete is turned to the other side than the recorded one, so that the ghost should be mirrored.
   * @returns false until both are known
   */
  get facesOtherWay(): boolean {
    const recorded = side(this.#track?.figures.filter((figure) => figure !== null) ?? []);
    const own = side(this.#seen);
    return recorded !== 0 && own === -recorded;
  }

  /**
   * Process the next frame.
   * @param videoS the recording's time, for a ghost that keeps the recording's tempo
   */
  see(frame: {timeMs: number, landmarks: Float32Array | null, world?: Float32Array | null, aspectRatio: number}, videoS: number | null = null): Coaching {
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
    } else if (videoS !== null) this.#step = this.#stepAt(videoS);
    return this.#tell("following", athlete, frame);
  }

  #measure(athlete: Figure) {
    this.#ruler.add(athlete);
    this.#seen.push(athlete);
    if (this.#seen.length === LOOKS) this.#fit();
  }

  /** Refine the measurement while the athlete moves; limbs may have been foreshortened at first. */
  #measureOn(athlete: Figure) {
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
    this.#follower = this.#steps && new Follower(this.#steps, (this.#track as Track).stepS);
  }

  /** The track with the athlete's proportions; null if either is unknown. */
  #fitted() {
    if (!this.#track || this.#seen.length < LOOKS) return null;
    const scale = scaleOf(this.#ruler.lengths(), this.#track.lengths);
    const turned = this.isMirrored ? { ...this.#track, figures: this.#track.figures.map((figure) => figure && mirrored(figure)) } : this.#track;
    return scale && stepsOf(turned, scale);
  }

  #stepAt(timeS: number) {
    const { startS, stepS, figures } = this.#track as Track;
    return Math.min(Math.max(Math.round((timeS - startS) / stepS), 0), figures.length - 1);
  }

  /** The ghost's body in space; null if depth was not recorded. */
  get #world() {
    const world = this.#track?.worlds[this.#step] ?? null;
    return world && this.isMirrored ? mirroredInSpace(world) : world;
  }

  #tell(stage: Stage, athlete: Figure | null, frame: Frame): Coaching {
    const isThere = stage === "following" && athlete !== null;
    const bare = isThere ? (this.#steps?.figures[this.#step] ?? null) : null;
    const ghost = bare && athlete && placed(bare, athlete, (this.#track as Track).support);
    const deviations = ghost && athlete ? deviationsOf(athlete, ghost, frame.world ?? null, this.#world) : JOINTS.map((joint) => ({ joint, degrees: null, isFlat: false }));
    return {
      stage, ghost, athlete, rounds: this.#rounds, share: Math.min(this.#seen.length / LOOKS, 1), turnedDeg: turnedDegOf(frame),
      atS: isThere && this.#track ? this.#track.startS + this.#step * this.#track.stepS : null,
      deviations: this.#steady.take(deviations, frame.timeMs),
    };
  }
}

/** Side to which most figures are turned; 0 if they disagree. */
function side(figures: Figure[]) {
  const mean = figures.reduce((sum, figure) => sum + turnedTo(figure), 0) / Math.max(figures.length, 1);
  return Math.abs(mean) > 0.5 ? Math.sign(mean) : 0;
}
