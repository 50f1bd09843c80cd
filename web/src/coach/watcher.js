/**
 * Camera watcher: opens the camera, finds poses, counts and runs the camera checks.
 * @module
 */

import { DeviceCounter } from "../motion/device-counter.js";
import { brightness, closeCamera, openCamera, watchCamera } from "./camera.js";
import { Lights } from "./camera-checks.js";
import { FrameRate } from "./frame-rate.js";
import { marksOf } from "../motion/joint-marks.js";

/** Measuring interval of the brightness. */
const LIGHT_EVERY_MS = 500;

/**
 * @typedef {object} Callbacks
 * @property {(frame: any, counted: import("../motion/device-counter.js").Counted & {isSlow: boolean}) => void} onFrame `isSlow`: the device is too slow to judge form
 * @property {(video: HTMLVideoElement, timeMs: number) => void} [onLook] called when the video shows the picture of the next frame
 * @property {() => string | null} [fault] ID of the fault that is being corrected
 * @property {(lights: import("./camera-checks.js").Light[]) => void} onLights
 * @property {(why: import("./camera.js").Loss) => void} onLost the camera was lost
 * @property {(problem: import("../api/client.js").Problem) => void} onError pose estimation failed
 */

/** Watches the athlete while the camera is on. */
export class Watcher {
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {{stop: () => void, stats: {deviceMs: number, dropped: number}} | null} */
  #source = null;
  /** @type {Lights} */
  #lights = new Lights([]);
  /** @type {DeviceCounter | null} */
  #counter = null;
  /** Definition of the exercise. @type {any} */
  #definition = null;
  #rate = new FrameRate();
  #timer = 0;
  /** Increases each time the camera is opened or closed; an older call compares it and gives up. */
  #attempts = 0;
  #stage;
  #callbacks;

  /** While true, frames are shown but neither counted nor passed on. */
  paused = false;

  /** @param {import("../ui/camera-stage.js").CameraStage} stage @param {Callbacks} callbacks */
  constructor(stage, callbacks) {
    this.#stage = stage;
    this.#callbacks = callbacks;
  }

  /** Statistics of the pose source. @returns {{deviceMs: number, dropped: number} | null} */
  get stats() {
    return this.#source?.stats ?? null;
  }

  /** Whether all checks are green. */
  get isReady() {
    return this.#lights.read().every((light) => light.state === "green");
  }

  /** Checks that are not green, except permission, without which nothing can be counted. */
  get notGreen() {
    return this.#lights.read().filter(({ id, state }) => id !== "permission" && state !== "green").map(({ id }) => id);
  }

  /** Whether the camera is on. */
  get isOn() {
    return this.#stream !== null;
  }

  /** ID of the camera in use, or "". */
  get device() {
    return this.#stream?.getVideoTracks()[0]?.getSettings().deviceId ?? "";
  }

  /** Watch for another exercise from now on. @param {any} definition */
  watchFor(definition) {
    this.#definition = definition;
    this.#counter = new DeviceCounter(definition);
    const permitted = this.#stream !== null;
    this.#lights = new Lights(definition.views);
    this.#lights.permit(permitted);
  }

  /** Start counting a new set. */
  reset() {
    this.#counter?.reset();
  }

  /** Turn on the camera. @param {() => Promise<void>} [prepare] called between the camera and its preview @returns {Promise<boolean>} false if it was turned off or opened again in the meantime @throws {import("./camera.js").CameraRefused} */
  async open(prepare = async () => {}) {
    this.close();
    const attempt = this.#attempts;
    const stream = await openCamera().catch((error) => {
      if (attempt === this.#attempts) throw error;
      return null;
    });
    if (!stream || attempt !== this.#attempts) {
      closeCamera(stream);
      return false;
    }
    this.#stream = stream;
    watchCamera(stream, (loss) => {
      if (this.#stream !== stream) return;
      this.close();
      void loss.then((why) => this.#callbacks.onLost(why));
    });
    this.#lights.permit(true);
    await prepare();
    if (attempt !== this.#attempts) return false;
    await this.#stage.open(stream);
    if (attempt !== this.#attempts) return false;
    this.#timer = setInterval(() => this.#measure(), LIGHT_EVERY_MS);
    this.#measure();
    const { openPoseSource } = await import("../live/pose-source.js"); // large, and not needed for manual counting
    if (attempt !== this.#attempts) return false;
    this.#source = openPoseSource(this.#stage.video, {
      onFrame: (frame) => this.#frame(frame),
      onLook: (video, timeMs) => { if (this.#stream && !this.paused) this.#callbacks.onLook?.(video, timeMs); },
      onError: (problem) => { this.close(); this.#callbacks.onError(problem); },
    });
    return true;
  }

  /** Turn off the camera. */
  close() {
    this.#attempts += 1;
    clearInterval(this.#timer);
    this.#source?.stop();
    this.#source = null;
    closeCamera(this.#stream);
    this.#stream = null;
    this.#lights.permit(false);
    this.#stage.close();
  }

  #measure() {
    this.#lights.measure(brightness(this.#stage.video));
    this.#callbacks.onLights(this.#lights.read());
  }

  /** @param {import("../live/pose-source.js").PoseFrame} frame */
  #frame(frame) {
    if (!this.#stream || !this.#counter) return;
    this.#stage.pose(frame.landmarks, frame.timeMs, marksOf(frame, this.#definition, this.#callbacks.fault?.() ?? null));
    const isSlow = this.#rate.add(frame.timeMs);
    if (this.paused) return;
    const counted = this.#counter.push(frame);
    this.#lights.see({ timeMs: frame.timeMs, inFrame: counted.inFrame, fills: counted.fills, view: counted.view, people: frame.people });
    this.#callbacks.onFrame(frame, isSlow ? { ...counted, form: null, isSlow } : { ...counted, isSlow });
  }
}
