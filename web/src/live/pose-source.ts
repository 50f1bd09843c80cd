/**
 * Pose source: finds poses in a camera's video on this device, so that no picture leaves it (C-02).
 *
 * It uses a worker, or the page if no worker can run. Frames that arrive while one is processed are
 * dropped, so that results are never older than one detection.
 * @module
 */

import { Problem, request } from "../api/client.ts";
import { partMissing } from "../api/problem.ts";
import { reportError } from "../api/error-reports.ts";
import type { Detection } from "./pose-engine.ts";

export interface PoseFrame {
  /** capture time on the clock of `performance.now()` */
  timeMs: number;
  /** 33 × (x, y, z, visibility); null if nobody was found */
  landmarks: Float32Array | null;
  /** 33 × (x, y, z), meters from the middle of the hips */
  world: Float32Array | null;
  /** number of people in the picture, at most 2 */
  people: number;
  /** width of the picture divided by its height */
  aspectRatio: number;
}
/** `deviceMs`: smoothed detection time */
type PoseSource = {stop(): void, stats: {deviceMs: number, dropped: number}};
type Looker = {look(video: HTMLVideoElement, timeMs: number): Promise<Detection & {tookMs: number}>, close(): void};

/** Weight of the latest detection in `deviceMs`. */
const NEWS = 0.1;

/** A capture time further away than this is from another clock. */
const OLDEST_MS = 5000;

/** URL of the pose model: this server's, or that of a copy (R-POS-11). */
export async function poseModelUrl(): Promise<string> {
  return (await request("/v1/client-settings")).poseModelUrl;
}

/**
 * Find poses in a video while it plays. After a `Problem` is passed to `onError`, the source is stopped.
 * @param options `onLook`: called when the video shows the picture that is processed next
 */
export function openPoseSource(video: HTMLVideoElement, { modelUrl, onFrame, onLook = () => {}, onError }: {modelUrl?: string, onFrame: (frame: PoseFrame) => void, onLook?: (video: HTMLVideoElement, timeMs: number) => void, onError: (problem: Problem) => void}): PoseSource {
  const source = new Source(video, onFrame, onLook);
  source.run(modelUrl).catch((error) => {
    if (source.isStopped) return;
    source.stop();
    reportError("model", error.code ?? error.name, { reference: error.reference });
    onError(error instanceof Problem ? error : problemOf(error));
  });
  return source;
}

/** Return the problem to show for an error of pose detection. MediaPipe throws the `Event` of a script tag if its script cannot be loaded. */
function problemOf(error: unknown) {
  return error instanceof Event ? partMissing() : new Problem({ title: "Pose detection does not work on this device.", detail: String(error), code: "pose.unavailable" });
}

class Source implements PoseSource {
  stats = { deviceMs: 0, dropped: 0 };
  isStopped = false;
  #video;
  #onFrame;
  #onLook;
  #looker: Looker | null = null;
  #looks = 0;
  #shown = 0;

  constructor(video: HTMLVideoElement, onFrame: (frame: PoseFrame) => void, onLook: (video: HTMLVideoElement, timeMs: number) => void) {
    this.#video = video;
    this.#onFrame = onFrame;
    this.#onLook = onLook;
  }

  async run(modelUrl?: string) {
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

  async #look(looker: Looker, timeMs: number) {
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

  /** Capture time of the next picture. */
  #nextPicture(): Promise<number> {
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

/** Open a worker, or the page's own engine if no worker can run. */
async function opened(modelUrl: string): Promise<Looker> {
  try {
    return await inWorker(modelUrl);
  } catch (error) {
    if (error instanceof Problem && error.status) throw error; // the model is not available to the page either
    return inPage(modelUrl);
  }
}

async function inWorker(modelUrl: string): Promise<Looker> {
  const worker = new Worker(new URL("./pose-worker.ts", import.meta.url), { type: "module" });
  const ask = (message: object, transfer: Transferable[] = []): ReturnType<Looker["look"]> =>
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

async function inPage(modelUrl: string): Promise<Looker> {
  const { PoseEngine } = await import("./pose-engine.ts").catch(() => { throw partMissing(); });
  const engine = await PoseEngine.open(modelUrl, false);
  return {
    async look(video, timeMs) {
      const began = performance.now();
      return { ...engine.detect(video, timeMs), tookMs: performance.now() - began };
    },
    close: () => engine.close(),
  };
}
