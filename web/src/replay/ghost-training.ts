/**
 * Ghost training: the camera, the poses in its picture, and the ghost coach.
 * @module
 */

import { closeCamera, openCamera, watchCamera } from "../coach/camera.ts";
import { GhostCoach, type Coaching } from "../ghost/ghost-coach.ts";
import { trackOf } from "../ghost/track.ts";
import { partMissing, type Problem } from "../api/problem.ts";
import { drawGhost } from "./ghost-view.ts";
import type { PoseFrame } from "../live/pose-source.ts";
import type { CameraStage } from "../ui/camera-stage.ts";
import type { Replay } from "./replay.ts";

interface Callbacks {
  onCoaching: (coaching: Coaching, nowMs: number) => void;
  /** the athlete is turned to the other side */
  onMirrored: (isMirrored: boolean) => void;
  /** the camera is off; null if it was lost */
  onLost: (problem: Problem | null) => void;
}

/** One athlete training with one recording, while the camera is on. */
export class GhostTraining {
  replay: Replay;
  stage: CameraStage;
  canvas: HTMLCanvasElement;
  callbacks: Callbacks;

  showsGhost = true;
  coach = new GhostCoach();
  #stream: MediaStream | null = null;
  #source: {stop: () => void} | null = null;
  /** Increases each time the camera is opened or closed; an older call compares it and gives up. */
  #attempts = 0;
  /** Time range to teach once all its frames have arrived. */
  #lesson: {start: number, end: number} | null = null;
  #isTaught = false;
  #knowsSide = false;

  /** @param canvas canvas over the stage */
  constructor(replay: Replay, stage: CameraStage, canvas: HTMLCanvasElement, callbacks: Callbacks) {
    this.replay = replay;
    this.stage = stage;
    this.canvas = canvas;
    this.callbacks = callbacks;
    replay.addEventListener("frames", () => this.#learn());
  }

  get isOn() {
    return this.#stream !== null;
  }

  /** Turn on the camera. @returns false if it was turned off or opened again in the meantime @throws {import("../coach/camera.js").CameraRefused | import("../api/problem.js").Problem} */
  async open(): Promise<boolean> {
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
    watchCamera(stream, () => this.#lost(stream, null));
    await this.stage.open(stream);
    if (attempt !== this.#attempts) return false;
    const { openPoseSource } = await import("../live/pose-source.ts").catch(() => { throw partMissing(); }); // large, and not needed without a camera
    if (attempt !== this.#attempts) return false;
    this.#source = openPoseSource(this.stage.video, { onFrame: (frame) => this.#frame(frame), onError: (problem) => this.#lost(stream, problem) });
    return true;
  }

  /** Turn off the camera. */
  close() {
    this.#attempts += 1;
    this.#source?.stop();
    this.#source = null;
    closeCamera(this.#stream);
    this.#stream = null;
    this.stage.close();
    this.#knowsSide = false;
    this.coach.measureAgain();
    drawGhost(this.canvas, null, 1, false);
  }

  /** Teach a time range of the recording as soon as all its frames have arrived. @param stretch seconds */
  teach(stretch: {start: number, end: number} | null) {
    if (stretch && this.#lesson && stretch.start === this.#lesson.start && stretch.end === this.#lesson.end) return;
    this.#lesson = stretch;
    this.#isTaught = false;
    this.coach.teach(undefined);
    this.#learn();
  }

  #learn() {
    const { replay } = this;
    if (!this.#lesson || this.#isTaught) return;
    const { start, end } = this.#lesson;
    if (!replay.frames.has(replay.index, 1000 * start, 1000 * end)) return;
    this.#isTaught = true;
    this.coach.teach(trackOf((timeS) => replay.frames.figureAt(timeS), start, end, (timeS) => replay.frames.worldAt(timeS)));
  }

  #lost(stream: MediaStream, problem: Problem | null) {
    if (this.#stream !== stream) return;
    this.close();
    this.callbacks.onLost(problem);
  }

  #frame(frame: PoseFrame) {
    if (!this.#stream) return;
    const coaching = this.coach.see(frame, this.replay.time);
    if (coaching.stage === "following" && !this.#knowsSide) this.#turn();
    drawGhost(this.canvas, coaching, frame.aspectRatio, this.showsGhost);
    this.callbacks.onCoaching(coaching, frame.timeMs);
  }

  /** Mirror the ghost if the athlete is turned to the other side. */
  #turn() {
    this.#knowsSide = true;
    const isMirrored = this.coach.facesOtherWay;
    if (isMirrored === this.coach.isMirrored) return;
    this.coach.mirror(isMirrored);
    this.callbacks.onMirrored(isMirrored);
  }
}
