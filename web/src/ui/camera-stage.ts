/**
 * Camera stage element: mirrored camera picture with the pose drawn over it.
 * @module
 */

import { openPainter, type Painter } from "../coach/pose-painter.ts";
import { NO_MARKS, type Marks } from "../motion/joint-marks.ts";
import { h } from "./dom.ts";
import { AngleLabel, drawFaulty, type Picture } from "./joint-marks.ts";
import { LEAST_VISIBILITY, letterbox, type Box } from "./skeleton.ts";
import { t } from "../i18n/l10n.ts";

/** A pose older than this fades, because the body has moved on; how long it takes to fade. */
const FRESH_MS = 200;
const FADE_MS = 400;

/** Numbers per landmark: x, y, z, visibility. */
const NUMBERS = 4;

/** `<camera-stage>`: the video, the pose and what is marked on it, and the overlays of the page. */
export class CameraStage extends HTMLElement {
  #video = h("video", { class: "stage-video", playsinline: true, "aria-label": t("your-camera") });
  #canvas = h("canvas", { class: "stage-pose", "aria-hidden": "true" });
  #marksCanvas = h("canvas", { class: "stage-marks", "aria-hidden": "true" });
  #angle = new AngleLabel();
  #painter: Painter | null = null;
  #landmarks: Float32Array | null = null;
  #marks: Marks = NO_MARKS;
  #poseMs = 0;
  #callback = 0;

  connectedCallback() {
    this.#video.muted = true;
    if (!this.contains(this.#video)) this.prepend(this.#video, this.#canvas, this.#marksCanvas, this.#angle.element);
  }

  /** The video element that a pose source reads. */
  get video(): HTMLVideoElement {
    return this.#video;
  }

  /** Show a camera stream; resolves when the video plays. */
  async open(stream: MediaStream) {
    this.#painter ??= openPainter(this.#canvas);
    this.dataset.painter = this.#painter.kind;
    this.dataset.open = "";
    this.#video.srcObject = stream;
    try {
      await this.#video.play();
    } catch (error) {
      if (this.#video.srcObject === stream) throw error; // otherwise it was closed in the meantime
    }
    if (this.#video.srcObject === stream) this.#next();
  }

  /** Stop showing the camera. */
  close() {
    this.#video.cancelVideoFrameCallback?.(this.#callback);
    this.#video.srcObject = null;
    this.#landmarks = null;
    this.#marks = NO_MARKS;
    delete this.dataset.open;
    this.#paint();
  }

  /** Set the latest pose; it is drawn with the next video frame. @param landmarks 33 of x, y, z, visibility @param timeMs of its picture, on the clock of `performance.now()` @param marks on the body */
  pose(landmarks: Float32Array | null, timeMs: number, marks: Marks = NO_MARKS) {
    this.#landmarks = landmarks;
    this.#marks = marks;
    this.#poseMs = timeMs;
  }

  #next() {
    const again = () => { this.#paint(); if (this.#video.srcObject) this.#next(); };
    this.#callback = this.#video.requestVideoFrameCallback?.(again) ?? requestAnimationFrame(again);
  }

  #paint() {
    const { clientWidth, clientHeight } = this.#canvas;
    const density = Math.min(devicePixelRatio, 2);
    const [width, height] = [Math.round(clientWidth * density), Math.round(clientHeight * density)];
    for (const canvas of [this.#canvas, this.#marksCanvas]) {
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    }
    const ageMs = performance.now() - this.#poseMs;
    const opacity = String(Math.min(1, Math.max(0, 1 - (ageMs - FRESH_MS) / FADE_MS)));
    for (const element of [this.#canvas, this.#marksCanvas, this.#angle.element]) element.style.opacity = opacity;
    const { videoWidth, videoHeight } = this.#video;
    const aspect = videoWidth && videoHeight ? videoWidth / videoHeight : 4 / 3;
    this.#painter?.draw(this.#landmarks, letterbox(width, height, aspect));
    this.#mark(letterbox(clientWidth, clientHeight, aspect), density);
  }

  /** Mark the pose. Marks are not mirrored as a whole, so that the angle can be read. @param box of the picture, in CSS pixels */
  #mark(box: Box, density: number) {
    const pen = this.#marksCanvas.getContext("2d") as CanvasRenderingContext2D;
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.clearRect(0, 0, this.clientWidth, this.clientHeight);
    const landmarks = this.#landmarks;
    const picture: Picture = {
      width: this.clientWidth, height: this.clientHeight,
      isSeen: (joint) => landmarks !== null && landmarks[NUMBERS * joint + 3] >= LEAST_VISIBILITY,
      place: (joint) => (landmarks ? [box.left + (1 - landmarks[NUMBERS * joint]) * box.width, box.top + landmarks[NUMBERS * joint + 1] * box.height] : [0, 0]),
    };
    drawFaulty(pen, this.#marks.faulty, picture);
    this.#angle.show(this.#marks, picture);
  }
}

customElements.define("camera-stage", CameraStage);

declare global {
  interface HTMLElementTagNameMap { "camera-stage": CameraStage }
}
