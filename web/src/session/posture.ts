/**
 * Where the joints of a recorded pose are, and how well each is seen.
 * @module
 */

import { COUNT } from "../motion/landmarks.ts";
import { STRIDE } from "../ui/skeleton.ts";
import type { Posture } from "../motion/joints.ts";

/** A pose of the picture, without depth. @param points of the pose */
export function postureOf(points: Float32Array): Posture {
  const [x, y, visibility] = [0, 1, 2].map((at) => Float64Array.from({ length: COUNT }, (_, joint) => points[joint * STRIDE + at]));
  return { axes: [x, y], visibility };
}
