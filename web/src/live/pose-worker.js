/**
 * Worker that finds poses, so that the page stays responsive.
 *
 * It receives `{modelUrl}` once, then pictures as `{picture, timeMs}`. It posts `{ready: true}`, then
 * `{timeMs, landmarks, world, people, tookMs}` per picture, or `{problem}`.
 * @module
 */

import { plain, PoseEngine } from "./pose-engine.js";

/** @type {PoseEngine | null} */
let engine = null;

self.onmessage = async ({ data }) => {
  try {
    if ("modelUrl" in data) {
      engine = await PoseEngine.open(data.modelUrl, true);
      self.postMessage({ ready: true });
    } else {
      look(/** @type {PoseEngine} */ (engine), data);
    }
  } catch (error) {
    self.postMessage({ problem: plain(error) });
  }
};

/** @param {PoseEngine} looking @param {{picture: ImageBitmap, timeMs: number}} message */
function look(looking, { picture, timeMs }) {
  const began = performance.now();
  try {
    const detection = looking.detect(picture, timeMs);
    self.postMessage({ ...detection, timeMs, tookMs: performance.now() - began });
  } finally {
    picture.close();
  }
}
