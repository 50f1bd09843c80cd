/**
 * Body geometry in one frame, the same as in `domain/motion/signals/body.py`.
 *
 * Angles are measured on metric landmarks if available, otherwise in the image plane. Heights and
 * distances are measured in the image plane, in units of the body's size. Unknown values are NaN.
 * @module
 */

import { ANKLE, COUNT, ELBOW, HIP, KNEE, NOSE, SHOULDER, WRIST, type Pair } from "./landmarks.ts";
import { BONES, rescaled } from "./rescaling.ts";

export interface Frame {
  timeMs: number;
  /** 33 × (x, y, z, visibility); null if nobody was found */
  landmarks: Float32Array | null;
  /** 33 × (x, y, z), meters from the middle of the hips */
  world?: Float32Array | null;
  /** width of the picture divided by its height */
  aspectRatio?: number;
}
export interface Body {
  /** two (image plane) or three (with depth), for angles; y is down */
  axes: Float64Array[];
  /** in picture heights */
  x: Float64Array;
  y: Float64Array;
  /** 0..1. */
  visibility: Float64Array;
  /** two fifths of trunk, one arm and one leg together: the unit of heights */
  size: number;
  /** whether the axes are in meters */
  metric: boolean;
}

export const TINY = 1e-6;

/** Two fifths of trunk, arm and leg together, in statures: Winter, 2009, fig. 4.1. */
export const SIZE_IN_STATURES = 0.444;

/** Aspect ratio of frames without one. */
export const USUAL_ASPECT_RATIO = 4 / 3;

const DEGREES = 180 / Math.PI;

/** Prepare a frame for measuring; null if it shows nobody. */
export function bodyOf(frame: Frame): Body | null {
  const image = frame.landmarks;
  if (!image || isEmpty(image)) return null;
  const aspectRatio = frame.aspectRatio ?? USUAL_ASPECT_RATIO;
  let x = column(image, 4, 0).map((share) => share * aspectRatio);
  let y = column(image, 4, 1);
  const z = column(image, 4, 2);
  const visibility = column(image, 4, 3).map((seen) => (Number.isNaN(seen) ? 0 : seen));
  const world = frame.world ?? null;
  let axes: Float64Array[] = [x, y];
  if (world) {
    axes = [0, 1, 2].map((axis) => column(world, 3, axis));
  } else if (z.some((depth) => !Number.isNaN(depth) && depth !== 0)) {
    axes = rescaled([x, y, z]);
    [x, y] = axes as Float64Array<ArrayBuffer>[];
  }
  return { axes, x, y, visibility, size: sizeOf(axes, x, y), metric: world !== null };
}

function column(values: Float32Array, width: number, at: number) {
  return Float64Array.from({ length: COUNT }, (_, index) => values[width * index + at]);
}

/** Whether a frame shows nobody: all coordinates are zero or unknown. */
function isEmpty(image: Float32Array) {
  let finite = false;
  let placed = false;
  for (let index = 0; index < COUNT; index += 1) {
    const [x, y] = [image[4 * index], image[4 * index + 1]];
    finite ||= !Number.isNaN(x) || !Number.isNaN(y);
    placed ||= x !== 0 || y !== 0;
  }
  return !finite || !placed;
}

function sizeOf(axes: Float64Array[], x: Float64Array, y: Float64Array) {
  if (axes.length === 2) return flatSize(x, y);
  let length = norm(axes.map((axis) => middle(axis, SHOULDER) - middle(axis, HIP)));
  for (const [upper, lower] of [[HIP, KNEE], [KNEE, ANKLE], [SHOULDER, ELBOW], [ELBOW, WRIST]]) {
    for (const side of [0, 1]) length += norm(axes.map((axis) => axis[upper[side]] - axis[lower[side]])) / 2;
  }
  return Math.max((length / 2.5) * imageScale(axes, x, y), TINY);
}

/** Body size from the bones in the image plane: by the fourth longest relative to its usual length. */
function flatSize(x: Float64Array, y: Float64Array) {
  const statures = BONES.map(([one, other, length]) => Math.hypot(x[one] - x[other], y[one] - y[other]) / length);
  const finite = statures.map((each) => (Number.isNaN(each) ? 0 : each)).sort((a, b) => b - a);
  return Math.max(SIZE_IN_STATURES * finite[3], TINY);
}

/** Image units per unit of the axes, by the spread from shoulders to ankles. */
function imageScale(axes: Float64Array[], x: Float64Array, y: Float64Array) {
  let [image, body] = [0, 0];
  for (const pair of [SHOULDER, HIP, KNEE, ANKLE]) {
    for (const joint of pair) {
      for (const [plane, axis] of [[x, axes[0]], [y, axes[1]]]) {
        image += (plane[joint] - middle(plane, HIP)) ** 2;
        body += (axis[joint] - middle(axis, HIP)) ** 2;
      }
    }
  }
  return Math.sqrt(image / Math.max(body, TINY * TINY));
}

function norm(difference: number[]) {
  return Math.sqrt(difference.reduce((sum, each) => sum + each * each, 0));
}

/** Midpoint of left and right along one axis. */
export function middle(axis: Float64Array, pair: Pair) {
  return (axis[pair[0]] + axis[pair[1]]) / 2;
}

/** Values of the left and right side. */
export function both(of: (side: number) => number): [number, number] {
  return [of(0), of(1)];
}

/** Angle at `vertex` of both sides, 0..180 degrees. */
export function angle(body: Body, first: Pair, vertex: Pair, last: Pair) {
  return both((side) => {
    let [dot, firstSquared, lastSquared] = [0, 0, 0];
    for (const axis of body.axes) {
      const toFirst = axis[first[side]] - axis[vertex[side]];
      const toLast = axis[last[side]] - axis[vertex[side]];
      dot += toFirst * toLast;
      firstSquared += toFirst * toFirst;
      lastSquared += toLast * toLast;
    }
    const cosine = dot / Math.max(Math.sqrt(firstSquared * lastSquared), TINY * TINY);
    return DEGREES * Math.acos(Math.min(Math.max(cosine, -1), 1));
  });
}

/** Angle between a limb and the vertical, 0..180 degrees; 0 if `upper` is above. */
export function limbLean(body: Body, lower: Pair, upper: Pair) {
  return both((side) => {
    const across = norm(sideways(body).map((axis) => axis[upper[side]] - axis[lower[side]]));
    return DEGREES * Math.atan2(across, body.axes[1][lower[side]] - body.axes[1][upper[side]]);
  });
}

/** Angle between trunk and vertical in degrees: 0 upright, 90 lying. */
export function trunkLean(body: Body) {
  const across = norm(sideways(body).map((axis) => middle(axis, SHOULDER) - middle(axis, HIP)));
  return DEGREES * Math.atan2(across, middle(body.axes[1], HIP) - middle(body.axes[1], SHOULDER));
}

/** The horizontal axes. */
function sideways(body: Body) {
  return body.axes.filter((_, index) => index !== 1);
}

/** Height of the middle of `upper` above that of `lower`, in body sizes. */
export function height(body: Body, upper: Pair, lower: Pair) {
  return (middle(body.y, lower) - middle(body.y, upper)) / body.size;
}

/** Height of the nose above the middle of `lower`, in body sizes. */
export function noseHeight(body: Body, lower: Pair) {
  return (middle(body.y, lower) - body.y[NOSE]) / body.size;
}

/** Height of each `upper` joint above its `lower` one, in body sizes. */
export function limbHeight(body: Body, upper: Pair, lower: Pair) {
  return both((side) => (body.y[lower[side]] - body.y[upper[side]]) / body.size);
}

/** Distance between the middles of two pairs, in body sizes. */
export function distance(body: Body, one: Pair, other: Pair) {
  return Math.hypot(ahead(body, one, other), height(body, one, other));
}

/** Horizontal distance of left and right, in body sizes. */
export function spread(body: Body, pair: Pair) {
  return Math.abs(body.x[pair[0]] - body.x[pair[1]]) / body.size;
}

/** Signed horizontal offset of the middle of `one` from that of `other`, in body sizes. */
export function ahead(body: Body, one: Pair, other: Pair) {
  return (middle(body.x, one) - middle(body.x, other)) / body.size;
}

/** Orientation of the trunk: 1 towards the camera, 0 sideways, -1 away. */
export function facing(body: Body) {
  const [left, right] = SHOULDER;
  const across = body.axes[0][left] - body.axes[0][right];
  if (body.metric) return across / Math.max(Math.hypot(across, body.axes[2][left] - body.axes[2][right]), TINY);
  const trunk = Math.hypot(middle(body.x, SHOULDER) - middle(body.x, HIP), middle(body.y, SHOULDER) - middle(body.y, HIP));
  return Math.min(Math.max(across / Math.max(0.7 * trunk, TINY), -1), 1);
}
