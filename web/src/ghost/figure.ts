/**
 * A body as seen by one camera: 33 points in the picture plane, in units of the picture height.
 *
 * Lengths are therefore the same in both directions, for any aspect ratio.
 * @module
 */

import { COUNT, HEEL, NOSE, TOE } from "../motion/landmarks.ts";
import { STRIDE } from "../ui/skeleton.ts";

/** 33 × (x, y, visibility); x and y in picture heights, NaN if unknown */
export type Figure = Float32Array;

/** Below this visibility a landmark is a guess (MediaPipe's default threshold). */
export const SEEN_VISIBILITY = 0.5;

/** Minimum offset of nose and toes from ears and heels of a turned body, in body heights. */
const TURNED = 0.03;

const EARS = [7, 8];

/**
 * Convert landmarks to a figure.
 * @param points 33 × (x, y, visibility) or 33 × (x, y, z, visibility), x and y as shares of the picture
 * @param aspect the picture's width over its height
 */
export function figureOf(points: Float32Array, aspect: number): Figure {
  const width = points.length / COUNT;
  const figure = new Float32Array(COUNT * STRIDE);
  for (let at = 0; at < COUNT; at += 1) {
    figure.set([points[width * at] * aspect, points[width * at + 1], points[width * at + width - 1]], STRIDE * at);
  }
  return figure;
}

/** Whether a landmark is visible, not guessed. */
export function isSeen(figure: Figure, at: number) {
  return figure[STRIDE * at + 2] >= SEEN_VISIBILITY && Number.isFinite(figure[STRIDE * at]) && Number.isFinite(figure[STRIDE * at + 1]);
}

/** Position of a landmark. */
export function placeOf(figure: Figure, at: number): [number, number] {
  return [figure[STRIDE * at], figure[STRIDE * at + 1]];
}

/** Midpoint of a left and a right landmark, or the visible one; null if neither is visible. */
export function middleOf(figure: Figure, [left, right]: readonly [number, number]): [number, number] | null {
  const places = [left, right].filter((at) => isSeen(figure, at)).map((at) => placeOf(figure, at));
  if (places.length === 0) return null;
  return [mean(places.map(([x]) => x)), mean(places.map(([, y]) => y))];
}

function mean(values: number[]) {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

/** The same landmark on the other side of the body. */
export function otherSide(at: number) {
  if (at === NOSE) return at;
  if (at <= 6) return at <= 3 ? at + 3 : at - 3; // the eyes have three landmarks each
  return at % 2 ? at + 1 : at - 1;
}

/** Mirror a figure, exchanging left and right. @param aspect of the picture; 0 mirrors about its left edge */
export function mirrored(figure: Figure, aspect = 0): Figure {
  const other = new Float32Array(figure.length);
  for (let at = 0; at < COUNT; at += 1) {
    const [x, y] = placeOf(figure, at);
    other.set([aspect - x, y, figure[STRIDE * at + 2]], STRIDE * otherSide(at));
  }
  return other;
}

/**
 * To which side of the picture a body is turned, by nose and toes.
 * @returns -1 to the left edge, 1 to the right edge, 0 towards the camera, away from it, or unknown
 */
export function turnedTo(figure: Figure): -1 | 0 | 1 {
  const visible = [NOSE, ...EARS, ...HEEL, ...TOE].filter((at) => isSeen(figure, at));
  const height = extent(figure);
  if (visible.length === 0 || height === 0) return 0;
  const ahead = [];
  const ears = middleOf(figure, EARS as [number, number]);
  if (ears && isSeen(figure, NOSE)) ahead.push(figure[STRIDE * NOSE] - ears[0]);
  for (const side of [0, 1]) {
    if (isSeen(figure, HEEL[side]) && isSeen(figure, TOE[side])) ahead.push(figure[STRIDE * TOE[side]] - figure[STRIDE * HEEL[side]]);
  }
  if (ahead.length === 0) return 0;
  const turned = mean(ahead) / height;
  return Math.abs(turned) < TURNED ? 0 : turned > 0 ? 1 : -1;
}

/** Longer side of the bounding box of the visible landmarks. */
function extent(figure: Figure) {
  const places = Array.from({ length: COUNT }, (_, at) => at).filter((at) => isSeen(figure, at)).map((at) => placeOf(figure, at));
  if (places.length === 0) return 0;
  const sides = [0, 1].map((axis) => places.map((place) => place[axis]));
  return Math.max(...sides.map((values) => Math.max(...values) - Math.min(...values)));
}
