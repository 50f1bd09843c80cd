/**
 * Track of a repetition that the ghost performs in a loop: figures at even time steps.
 * @module
 */

import { COUNT, HIP, SHOULDER } from "../motion/landmarks.ts";
import { STRIDE } from "../ui/skeleton.ts";
import { isSeen, middleOf, placeOf, type Figure } from "./figure.ts";
import { Ruler, scaled, supportOf, type Lengths } from "./limbs.ts";
import type { World } from "./space.ts";

/** Steps per second of the recording. */
export const STEPS_PER_S = 20;

/** Maximum number of steps; longer repetitions (holds) get longer steps. */
const MOST_STEPS = 240;

/** Minimum share of visible figures. */
const LEAST_SEEN = 0.5;

/** Movement below which a track is a hold (such as a plank), in trunk lengths for all landmarks together. */
const STILL = 0.1;

/** Landmarks that tell the phases of a movement apart: limbs, without hands and face. */
const TELLING = [11, 12, 13, 14, 15, 16, 25, 26, 27, 28, 31, 32];

export interface Track {
  /** start of the repetition in the recording, in seconds */
  startS: number;
  /** seconds between two figures */
  stepS: number;
  /** null if nobody was visible */
  figures: (Figure | null)[];
  /** the same bodies in space; null if depth was not recorded */
  worlds: (World | null)[];
  /** of the recorded body */
  lengths: Lengths;
  /** joints that stay in place */
  support: readonly [number, number];
}
/** a track with an athlete's proportions, centered between the hips */
export interface Steps {
  figures: (Figure | null)[];
  /** landmarks weighted by their movement, with a sum of 1; empty for a hold */
  telling: readonly {at: number, weight: number}[];
  /** trunk length in picture heights */
  unit: number;
}

/**
 * Build a track.
 * @param figureAt the recorded figure at a time
 * @param worldAt the same in space
 * @param most number of steps
 * @returns null if too little is visible
 */
export function trackOf(figureAt: (timeS: number) => Figure | null, startS: number, endS: number, worldAt: (timeS: number) => World | null = () => null, most: number = MOST_STEPS): Track | null {
  const steps = Math.min(Math.max(2, Math.round((endS - startS) * STEPS_PER_S)), most);
  const stepS = (endS - startS) / steps;
  const moments = Array.from({ length: steps }, (_, at) => startS + at * stepS);
  const figures = moments.map(figureAt);
  const visible = figures.filter((figure) => figure !== null && middleOf(figure, HIP) !== null);
  if (visible.length < LEAST_SEEN * steps) return null;
  const ruler = new Ruler();
  for (const figure of visible) if (figure) ruler.add(figure);
  return { startS, stepS, figures, worlds: moments.map(worldAt), lengths: ruler.lengths(), support: supportOf(figures) };
}

/**
 * A track with the athlete's proportions.
 * @returns null if no trunk is visible
 */
export function stepsOf(track: Track, scale: Map<string, number>): Steps | null {
  const figures = track.figures.map((figure) => figure && scaled(figure, scale));
  const unit = (track.lengths.get("trunk") ?? NaN) * (scale.get("trunk") ?? NaN);
  const moving = TELLING.map((at) => ({ at, weight: roaming(figures, at) }));
  const sum = moving.reduce((total, { weight }) => total + weight, 0);
  if (!(unit > 0)) return null;
  if (sum < STILL * unit) return { figures, unit, telling: [] };
  return { figures, unit, telling: moving.filter(({ weight }) => weight > 0).map(({ at, weight }) => ({ at, weight: weight / sum })) };
}

/** Range of movement of a landmark; 0 if it is visible too rarely. */
function roaming(figures: (Figure | null)[], at: number) {
  const places = figures.flatMap((figure) => (figure && isSeen(figure, at) ? [placeOf(figure, at)] : []));
  if (places.length < LEAST_SEEN * figures.length) return 0;
  return Math.hypot(...[0, 1].map((axis) => { const values = places.map((place) => place[axis]); return Math.max(...values) - Math.min(...values); }));
}

/**
 * Center an athlete's figure between the hips, like the figures of a track.
 * @returns null if hips or shoulders are not visible
 */
export function centred(figure: Figure): Figure | null {
  const hips = middleOf(figure, HIP);
  if (!hips || !middleOf(figure, SHOULDER)) return null;
  const placed = figure.slice();
  for (let at = 0; at < COUNT; at += 1) {
    placed[STRIDE * at] -= hips[0];
    placed[STRIDE * at + 1] -= hips[1];
  }
  return placed;
}
