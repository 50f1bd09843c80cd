/**
 * Camera watcher: opens the camera, finds poses, counts and runs the camera checks.
 * @module
 */

import { DeviceCounter, type Counted } from "../motion/device-counter.ts";
import { brightness, closeCamera, openCamera, UNATTENDED, watchCamera, type Loss } from "./camera.ts";
import { Lights, type Light } from "./camera-checks.ts";
import { Attendance } from "./framing.ts";
import { FrameRate } from "./frame-rate.ts";
import { marksOf } from "../motion/joint-marks.ts";
import type { Problem, Definition } from "../api/client.ts";
import type { PoseFrame } from "../live/pose-source.ts";
import type { CameraStage } from "../ui/camera-stage.ts";

/** Measuring interval of the brightness. */
const LIGHT_EVERY_MS = 500;

interface Callbacks {
  /** `isSlow`: the device is too slow to judge form */
  onFrame: (frame: PoseFrame, counted: Counted & {isSlow: boolean}) => void;
  /** called when the video shows the picture of the next frame */
  onLook?: (video: HTMLVideoElement, timeMs: number) => void;
  /** ID of the fault that is being corrected */
  fault?: () => string | null;
  onLights: (lights: Light[]) => void;
  /** the camera was lost */
  onLost: (why: Loss) => void;
  /** pose estimation failed */
  onError: (problem: Problem) => void;
}

/** Watches the athlete while the camera is on. */
export class Watcher {
  #stream: MediaStream | null = null;
  #source: {stop: () => void, stats: {deviceMs: number, dropped: number}} | null = null;
  #lights: Lights = new Lights([]);
  #counter: DeviceCounter | null = null;
  /** Definition of the exercise. */
  #definition: Definition | null = null;
  #rate = new FrameRate();
  #attendance = new Attendance();
  #timer = 0;
  /** Increases each time the camera is opened or closed; an older call compares it and gives up. */
  #attempts = 0;
  #stage;
  #callbacks;

  /** While true, frames are shown but neither counted nor passed on. */
  paused = false;

  constructor(stage: CameraStage, callbacks: Callbacks) {
    this.#stage = stage;
    this.#callbacks = callbacks;
  }

  /** Statistics of the pose source. */
  get stats(): {deviceMs: number, dropped: number} | null {
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

  /** Watch for another exercise from now on. */
  watchFor(definition: Definition) {
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

  /** Turn on the camera. @param prepare called between the camera and its preview @returns false if it was turned off or opened again in the meantime @throws {CameraRefused} */
  async open(prepare: () => Promise<void> = async () => {}): Promise<boolean> {
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
    this.#attendance = new Attendance();
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
    const { openPoseSource } = await import("../live/pose-source.ts").catch((error) => { // large, and not needed for manual counting
      if (attempt === this.#attempts) this.close();
      throw error;
    });
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

  #frame(frame: PoseFrame) {
    if (!this.#stream || !this.#counter) return;
    if (this.#attendance.isUnattended(frame.timeMs, frame.people > 0)) {
      this.close();
      this.#callbacks.onLost(UNATTENDED);
      return;
    }
    this.#stage.pose(frame.landmarks, frame.timeMs, this.#definition ? marksOf(frame, this.#definition, this.#callbacks.fault?.() ?? null) : undefined);
    const isSlow = this.#rate.add(frame.timeMs);
    if (this.paused) return;
    const counted = this.#counter.push(frame);
    this.#lights.see({ timeMs: frame.timeMs, inFrame: counted.inFrame, fills: counted.fills, view: counted.view, people: frame.people });
    this.#callbacks.onFrame(frame, isSlow ? { ...counted, form: null, isSlow } : { ...counted, isSlow });
  }
}
