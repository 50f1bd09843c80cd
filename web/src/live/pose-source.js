/**
 * Pose source: finds poses in a camera's video on this device, so that no picture leaves it (C-02).
 *
 * It uses a worker, or the page if no worker can run. Frames that arrive while one is processed are
 * dropped, so that results are never older than one detection.
 * @module
 */

import { Problem, request } from "../api/client.js";
import { reportError } from "../api/error-reports.js";

/**
 * @typedef {object} PoseFrame
 * @property {number} timeMs capture time on the clock of `performance.now()`
 * @property {Float32Array | null} landmarks 33 × (x, y, z, visibility); null if nobody was found
 * @property {Float32Array | null} world 33 × (x, y, z), meters from the middle of the hips
 * @property {number} people number of people in the picture, at most 2
 * @property {number} aspectRatio width of the picture divided by its height
 */
/** @typedef {{stop(): void, stats: {deviceMs: number, dropped: number}}} PoseSource `deviceMs`: smoothed detection time */
/** @typedef {{look(video: HTMLVideoElement, timeMs: number): Promise<import("./pose-engine.js").Detection & {tookMs: number}>, close(): void}} Looker */

/** Weight of the latest detection in `deviceMs`. */
const NEWS = 0.1;

/** A capture time further away than this is from another clock. */
const OLDEST_MS = 5000;

/** URL of the pose model: this server's, or that of a copy (R-POS-11). @returns {Promise<string>} */
export async function poseModelUrl() {
  return (await request("/v1/client-settings")).poseModelUrl;
}

/**
 * Find poses in a video while it plays. After a `Problem` is passed to `onError`, the source is stopped.
 * @param {HTMLVideoElement} video
 * @param {{modelUrl?: string, onFrame: (frame: PoseFrame) => void, onLook?: (video: HTMLVideoElement, timeMs: number) => void, onError: (problem: Problem) => void}} options `onLook`: called when the video shows the picture that is processed next
 * @returns {PoseSource}
 */
export function openPoseSource(video, { modelUrl, onFrame, onLook = () => {}, onError }) {
  const source = new Source(video, onFrame, onLook);
  source.run(modelUrl).catch((error) => {
    if (source.isStopped) return;
    source.stop();
    reportError("model", error.code ?? error.name, { reference: error.reference });
    onError(error instanceof Problem ? error : new Problem({ title: "Pose detection does not work on this device.", detail: String(error), code: "pose.unavailable" }));
  });
  return source;
}

/** @implements {PoseSource} */
class Source {
  stats = { deviceMs: 0, dropped: 0 };
  isStopped = false;
  #video;
  #onFrame;
  #onLook;
  /** @type {Looker | null} */
  #looker = null;
  #looks = 0;
  #shown = 0;

  /** @param {HTMLVideoElement} video @param {(frame: PoseFrame) => void} onFrame @param {(video: HTMLVideoElement, timeMs: number) => void} onLook */
  constructor(video, onFrame, onLook) {
    this.#video = video;
    this.#onFrame = onFrame;
    this.#onLook = onLook;
  }

  /** @param {string} [modelUrl] */
  async run(modelUrl) {
    const looker = await opened(new URL(modelUrl ?? (await poseModelUrl()), location.href).href);
    this.#looker = looker;
    if (this.isStopped) looker.close();
    for (let beforeMs = -1; !this.isStopped; ) {
      const timeMs = Math.max(await this.#nextPicture(), beforeMs + 0.1);
      if (this.isStopped) break;
      beforeMs = timeMs;
      await this.#look(looker, timeMs);
    }
  }

  stop() {
    if (this.isStopped) return;
    this.isStopped = true;
    this.#looker?.close();
  }

  /** @param {Looker} looker @param {number} timeMs */
  async #look(looker, timeMs) {
    const { videoWidth, videoHeight } = this.#video;
    if (!videoWidth) return;
    this.#onLook(this.#video, timeMs);
    const { tookMs, landmarks, world, people } = await looker.look(this.#video, timeMs);
    if (this.isStopped) return;
    this.#looks += 1;
    // The first detections include loading and are not representative.
    this.stats.deviceMs += (this.#looks > 2 ? NEWS : 1) * (tookMs - this.stats.deviceMs);
    this.#onFrame({ timeMs, landmarks, world, people, aspectRatio: videoWidth / videoHeight });
  }

  /** Capture time of the next picture. @returns {Promise<number>} */
  #nextPicture() {
    const video = this.#video;
    return new Promise((resolve) => {
      if (!("requestVideoFrameCallback" in video)) {
        requestAnimationFrame(resolve);
        return;
      }
      video.requestVideoFrameCallback((now, { captureTime, presentedFrames }) => {
        if (this.#shown) this.stats.dropped += Math.max(presentedFrames - this.#shown - 1, 0);
        this.#shown = presentedFrames;
        const isTimed = captureTime !== undefined && captureTime <= now && captureTime > now - OLDEST_MS;
        resolve(isTimed ? captureTime : now);
      });
    });
  }
}

/** Open a worker, or the page's own engine if no worker can run. @param {string} modelUrl @returns {Promise<Looker>} */
async function opened(modelUrl) {
  try {
    return await inWorker(modelUrl);
  } catch (error) {
    if (error instanceof Problem && error.status) throw error; // the model is not available to the page either
    return inPage(modelUrl);
  }
}

/** @param {string} modelUrl @returns {Promise<Looker>} */
async function inWorker(modelUrl) {
  const worker = new Worker(new URL("./pose-worker.js", import.meta.url), { type: "module" });
  /** @param {any} message @param {Transferable[]} [transfer] @returns {Promise<any>} */
  const ask = (message, transfer = []) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => ("problem" in data ? reject(new Problem(data.problem)) : resolve(data));
      worker.onerror = () => reject(new Problem({ title: "This browser cannot run the pose detection worker.", code: "pose.no_worker" }));
      worker.postMessage(message, transfer);
    });
  try {
    await ask({ modelUrl });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    async look(video, timeMs) {
      const picture = await createImageBitmap(video);
      return ask({ picture, timeMs }, [picture]);
    },
    close: () => worker.terminate(),
  };
}

/** @param {string} modelUrl @returns {Promise<Looker>} */
async function inPage(modelUrl) {
  const { PoseEngine } = await import("./pose-engine.js");
  const engine = await PoseEngine.open(modelUrl, false);
  return {
    async look(video, timeMs) {
      const began = performance.now();
      return { ...engine.detect(video, timeMs), tookMs: performance.now() - began };
    },
    close: () => engine.close(),
  };
}
