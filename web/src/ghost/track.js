/**
 * A repetition that a ghost performs again and again: the recorded figure at even steps of time.
 * @module
 */

import { COUNT, HIP, SHOULDER } from "../motion/landmarks.js";
import { STRIDE } from "../ui/skeleton.js";
import { isSeen, middleOf, placeOf } from "./figure.js";
import { Ruler, scaled, supportOf } from "./limbs.js";

/** @typedef {import("./figure.js").Figure} Figure */

/** Steps of a track, per second of the recording. */
export const STEPS_PER_S = 20;

/** A track has at most so many steps: of a longer repetition (a hold), longer ones. */
const MOST_STEPS = 240;

/** A track of which less is seen can neither be performed nor followed. */
const LEAST_SEEN = 0.5;

/** All landmarks together come about less than this, in trunk lengths, in what is held still (a plank). */
const STILL = 0.1;

/** Landmarks that tell a moment of a movement from another: limbs, without hands and face. */
const TELLING = [11, 12, 13, 14, 15, 16, 25, 26, 27, 28, 31, 32];

/**
 * @typedef {object} Track
 * @property {number} startS When the repetition begins in the recording, seconds.
 * @property {number} stepS Seconds between two of its figures.
 * @property {(Figure | null)[]} figures Null where nobody was seen.
 * @property {(import("./space.js").World | null)[]} worlds The same bodies in space; null where that was not recorded.
 * @property {import("./limbs.js").Lengths} lengths Of the recorded body.
 * @property {readonly [number, number]} support What stays where it is.
 */
/**
 * @typedef {object} Steps A track with an athlete's limbs, between whose hips is 0, 0, and what to follow it by.
 * @property {(Figure | null)[]} figures
 * @property {readonly {at: number, weight: number}[]} telling Landmarks by how much they move in it; the weights' sum is 1. None where it is held still.
 * @property {number} unit Trunk's length, picture heights.
 */

/**
 * Lay out a track.
 * @param {(timeS: number) => Figure | null} figureAt what was recorded at a time
 * @param {number} startS @param {number} endS
 * @param {(timeS: number) => import("./space.js").World | null} [worldAt] the same in space
 * @returns {Track | null} null where too little of it is seen
 */
export function trackOf(figureAt, startS, endS, worldAt = () => null) {
  const steps = Math.min(Math.max(2, Math.round((endS - startS) * STEPS_PER_S)), MOST_STEPS);
  const stepS = (endS - startS) / steps;
  const moments = Array.from({ length: steps }, (_, at) => startS + at * stepS);
  const figures = moments.map(figureAt);
  const known = figures.filter((figure) => figure !== null && middleOf(figure, HIP) !== null);
  if (known.length < LEAST_SEEN * steps) return null;
  const ruler = new Ruler();
  for (const figure of known) ruler.add(figure);
  return { startS, stepS, figures, worlds: moments.map(worldAt), lengths: ruler.lengths(), support: supportOf(figures) };
}

/**
 * A track as an athlete of other limbs would perform it.
 * @param {Track} track @param {Map<string, number>} scale
 * @returns {Steps | null} null where no trunk is seen in it
 */
export function stepsOf(track, scale) {
  const figures = track.figures.map((figure) => figure && scaled(figure, scale));
  const unit = (track.lengths.get("trunk") ?? NaN) * (scale.get("trunk") ?? NaN);
  const moving = TELLING.map((at) => ({ at, weight: roaming(figures, at) }));
  const sum = moving.reduce((total, { weight }) => total + weight, 0);
  if (!(unit > 0)) return null;
  if (sum < STILL * unit) return { figures, unit, telling: [] };
  return { figures, unit, telling: moving.filter(({ weight }) => weight > 0).map(({ at, weight }) => ({ at, weight: weight / sum })) };
}

/** How far a landmark comes about, 0 where it is seen too seldom. @param {(Figure | null)[]} figures @param {number} at */
function roaming(figures, at) {
  const places = figures.flatMap((figure) => (figure && isSeen(figure, at) ? [placeOf(figure, at)] : []));
  if (places.length < LEAST_SEEN * figures.length) return 0;
  return Math.hypot(...[0, 1].map((axis) => { const values = places.map((place) => place[axis]); return Math.max(...values) - Math.min(...values); }));
}

/**
 * An athlete as a track's figures are: between the hips is 0, 0.
 * @param {Figure} figure
 * @returns {Figure | null} null where hips or shoulders are not seen
 */
export function centred(figure) {
  const hips = middleOf(figure, HIP);
  if (!hips || !middleOf(figure, SHOULDER)) return null;
  const placed = figure.slice();
  for (let at = 0; at < COUNT; at += 1) {
    placed[STRIDE * at] -= hips[0];
    placed[STRIDE * at + 1] -= hips[1];
  }
  return placed;
}
