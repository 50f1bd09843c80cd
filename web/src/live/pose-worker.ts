/**
 * Worker that finds poses, so that the page stays responsive.
 *
 * It receives `{modelUrl}` once, then pictures as `{picture, timeMs}`. It posts `{ready: true}`, then
 * `{timeMs, landmarks, world, people, tookMs}` per picture, or `{problem}`.
 * @module
 */

import { plain, PoseEngine } from "./pose-engine.ts";

let engine: PoseEngine | null = null;

self.onmessage = async ({ data }) => {
  try {
    if ("modelUrl" in data) {
      engine = await PoseEngine.open(data.modelUrl, true);
      self.postMessage({ ready: true });
    } else {
      look(engine as PoseEngine, data);
    }
  } catch (error) {
    self.postMessage({ problem: plain(error) });
  }
};

function look(looking: PoseEngine, { picture, timeMs }: {picture: ImageBitmap, timeMs: number}) {
  const began = performance.now();
  try {
    const detection = looking.detect(picture, timeMs);
    self.postMessage({ ...detection, timeMs, tookMs: performance.now() - began });
  } finally {
    picture.close();
  }
}
