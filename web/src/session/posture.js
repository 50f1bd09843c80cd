/**
 * Where the joints of a recorded pose are, and how well each is seen.
 * @module
 */

import { COUNT } from "../motion/landmarks.js";
import { STRIDE } from "../ui/skeleton.js";

/** A pose of the picture, without depth. @param {Float32Array} points of the pose @returns {import("../motion/joints.js").Posture} */
export function postureOf(points) {
  const [x, y, visibility] = [0, 1, 2].map((at) => Float64Array.from({ length: COUNT }, (_, joint) => points[joint * STRIDE + at]));
  return { axes: [x, y], visibility };
}
