/**
 * Finds poses beside the page, so that the page never waits for it.
 *
 * It is told `{modelUrl}` once, then pictures as `{picture, timeMs}`; it says `{ready: true}`, then of
 * each picture `{timeMs, landmarks, world, people, tookMs}`, or `{problem}`.
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

/** @param {PoseEngine} looking @param {{picture: ImageBitmap, timeMs: number}} told */
function look(looking, { picture, timeMs }) {
  const began = performance.now();
  try {
    const found = looking.detect(picture, timeMs);
    self.postMessage({ ...found, timeMs, tookMs: performance.now() - began });
  } finally {
    picture.close();
  }
}
