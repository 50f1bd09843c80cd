/**
 * A camera's pictures become poses on this device: no picture leaves it by this (C-02).
 *
 * A worker finds them; where none can, the page does. While one picture is looked at, others are
 * dropped, so that what is told is never older than one look.
 * @module
 */

import { Problem, request } from "../api/client.js";

/**
 * @typedef {object} PoseFrame
 * @property {number} timeMs When the picture was taken, on the clock of `performance.now()`.
 * @property {Float32Array | null} landmarks 33 × (x, y, z, visibility); null where nobody was found.
 * @property {Float32Array | null} world 33 × (x, y, z), metres from between the hips.
 * @property {number} people How many are in the picture, at most 2 are told of.
 * @property {number} aspectRatio The picture's width over its height.
 */
/** @typedef {{stop(): void, stats: {deviceMs: number, dropped: number}}} PoseSource `deviceMs`: what a look takes, lately. */
/** @typedef {{look(video: HTMLVideoElement, timeMs: number): Promise<import("./pose-engine.js").Found & {tookMs: number}>, close(): void}} Looker */

/** How much the latest look counts in `deviceMs`. */
const NEWS = 0.1;

/** A picture that was taken longer ago, or later than now, was timed by another clock. */
const OLDEST_MS = 5000;

/** Where the pose model is: here, or where the server says that a copy is (R-POS-11). @returns {Promise<string>} */
export async function poseModelUrl() {
  return (await request("/v1/client-settings")).poseModelUrl;
}

/**
 * Look at a video as long as it plays. A `Problem` given to `onError` is the end of it.
 * @param {HTMLVideoElement} video
 * @param {{modelUrl?: string, onFrame: (frame: PoseFrame) => void, onLook?: (video: HTMLVideoElement, timeMs: number) => void, onError: (problem: Problem) => void}} wish `onLook`: the video shows the picture in which a pose is about to be looked for.
 * @returns {PoseSource}
 */
export function openPoseSource(video, { modelUrl, onFrame, onLook = () => {}, onError }) {
  const source = new Source(video, onFrame, onLook);
  source.run(modelUrl).catch((error) => {
    if (source.isStopped) return;
    source.stop();
    onError(error instanceof Problem ? error : new Problem({ title: "Poses cannot be found on this device.", detail: String(error), code: "pose.unavailable" }));
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
    // The first look loads much that later ones have: it says nothing of them.
    this.stats.deviceMs += (this.#looks > 2 ? NEWS : 1) * (tookMs - this.stats.deviceMs);
    this.#onFrame({ timeMs, landmarks, world, people, aspectRatio: videoWidth / videoHeight });
  }

  /** When the next picture was taken. @returns {Promise<number>} */
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

/** A worker that finds poses, or this page where no worker can. @param {string} modelUrl @returns {Promise<Looker>} */
async function opened(modelUrl) {
  try {
    return await inWorker(modelUrl);
  } catch (error) {
    if (error instanceof Problem && error.status) throw error; // no model: the page could not have it either
    return inPage(modelUrl);
  }
}

/** @param {string} modelUrl @returns {Promise<Looker>} */
async function inWorker(modelUrl) {
  const worker = new Worker(new URL("./pose-worker.js", import.meta.url), { type: "module" });
  /** @param {any} told @param {Transferable[]} [given] @returns {Promise<any>} */
  const ask = (told, given = []) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => ("problem" in data ? reject(new Problem(data.problem)) : resolve(data));
      worker.onerror = () => reject(new Problem({ title: "This browser runs no worker for poses.", code: "pose.no_worker" }));
      worker.postMessage(told, given);
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
