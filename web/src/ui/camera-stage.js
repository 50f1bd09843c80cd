/**
 * Camera stage element: mirrored camera picture with the pose drawn over it.
 * @module
 */

import { openPainter } from "../coach/pose-painter.js";
import { h } from "./dom.js";
import { letterbox } from "./skeleton.js";
import { t } from "../i18n/l10n.js";

/** A pose older than this fades, because the body has moved on; how long it takes to fade. */
const FRESH_MS = 200;
const FADE_MS = 400;

/** `<camera-stage>`: the video, the pose canvas, and the overlays of the page. */
export class CameraStage extends HTMLElement {
  #video = h("video", { class: "stage-video", playsinline: true, "aria-label": t("your-camera") });
  #canvas = h("canvas", { class: "stage-pose", "aria-hidden": "true" });
  /** @type {import("../coach/pose-painter.js").Painter | null} */
  #painter = null;
  /** @type {Float32Array | null} */
  #landmarks = null;
  #poseMs = 0;
  #callback = 0;

  connectedCallback() {
    this.#video.muted = true;
    if (!this.contains(this.#video)) this.prepend(this.#video, this.#canvas);
  }

  /** The video element that a pose source reads. @returns {HTMLVideoElement} */
  get video() {
    return this.#video;
  }

  /** Show a camera stream; resolves when the video plays. @param {MediaStream} stream */
  async open(stream) {
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
    delete this.dataset.open;
    this.#paint();
  }

  /** Set the latest pose; it is drawn with the next video frame. @param {Float32Array | null} landmarks 33 of x, y, z, visibility @param {number} timeMs of its picture, on the clock of `performance.now()` */
  pose(landmarks, timeMs) {
    this.#landmarks = landmarks;
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
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    const ageMs = performance.now() - this.#poseMs;
    this.#canvas.style.opacity = String(Math.min(1, Math.max(0, 1 - (ageMs - FRESH_MS) / FADE_MS)));
    const { videoWidth, videoHeight } = this.#video;
    this.#painter?.draw(this.#landmarks, letterbox(width, height, videoWidth && videoHeight ? videoWidth / videoHeight : 4 / 3));
  }
}

customElements.define("camera-stage", CameraStage);
