/**
 * Recorded view: the video with the skeleton over it, or the skeleton alone.
 * @module
 */

import { figureOf } from "../ghost/figure.ts";
import { t } from "../i18n/l10n.ts";
import { marksOf, NO_MARKS, type Definition } from "../motion/joint-marks.ts";
import { h, penOf } from "../ui/dom.ts";
import { AngleLabel, drawFaulty, pictureOf } from "../ui/joint-marks.ts";
import { drawSkeleton, letterbox } from "../ui/skeleton.ts";
import type { Cue } from "./markers.ts";
import type { Replay } from "./replay.ts";

/** Drift in seconds between video and replay that is tolerated while playing. */
const DRIFT_S = 0.2;

/** Distance in seconds up to which the skeleton follows the video; beyond it follows the replay. */
const BESIDE_S = 1;

/** Frame times are rounded; a video this much later surely shows the intended frame. */
const AFTER_S = 0.001;

/** The recorded side of the stage; `element` is its root. */
export class RecordedView {
  element: HTMLElement;

  showsVideo = true;
  showsSkeleton = true;
  #replay;
  #video = h("video", { playsinline: true, preload: "auto", "aria-label": t("video-of-session"), hidden: true });
  #canvas = h("canvas", { class: "overlay", "aria-hidden": "true" });
  #caption = h("p", { class: "caption", hidden: true });
  #failure = h("p", { class: "stage-failure" });
  #angle = new AngleLabel();
  #source: string | null = null;
  /** Whether the browser refused to play (to save power, or because it cannot); the video then seeks along. */
  #isRefused = false;
  /** Time that the paused video was last set to; NaN while it plays. */
  #sentTo = NaN;
  /** Time of the displayed video frame, in seconds. */
  #shown = NaN;
  /** Key of the drawing on the canvas, to skip identical repaints. */
  #drawn = "";

  constructor(replay: Replay) {
    this.#replay = replay;
    this.#video.muted = true;
    this.element = h("div", { class: "recorded" }, this.#video, this.#canvas, this.#angle.element, this.#caption, this.#failure);
    this.#video.addEventListener("error", () => { this.#failure.textContent = t("replay-cannot-play"); });
    this.element.addEventListener("click", () => replay.toggle());
    this.#watch();
  }

  /** Track the displayed video frame; video playback starts later than the replay and has its own frames. */
  #watch() {
    this.#video.requestVideoFrameCallback?.((_now: number, { mediaTime }: {mediaTime: number}) => { this.#shown = mediaTime; this.#watch(); });
  }

  get hasVideo() {
    return this.#replay.video !== null;
  }

  /** Load the video, if there is one; the browser sends the sign-in cookie. */
  open() {
    const { video } = this.#replay;
    if (!video) return;
    this.#source = video.url;
    this.#video.src = video.url;
    this.#video.hidden = false;
  }

  /** @returns whether the video is silent now */
  toggleSound() {
    this.#video.muted = !this.#video.muted;
    return this.#video.muted;
  }

  /** Show a time. @param time seconds @param given the cue of that time @param definition of the exercise, if it is known */
  show(time: number, given: Cue | null, definition: Definition | null) {
    this.#video.hidden = this.#source === null || !this.showsVideo;
    this.#keepUp(time);
    this.#draw(this.#beside(time), definition, given?.fault ?? null);
    const cue = given?.cue ?? "";
    if (this.#caption.textContent !== cue) this.#caption.textContent = cue;
    this.#caption.hidden = !cue;
  }

  close() {
    this.#video.pause();
    this.#video.removeAttribute("src");
  }

  /** Synchronize the video with the replay; a hidden video is paused. */
  #keepUp(time: number) {
    const video = this.#video;
    if (this.#source === null || video.readyState < HTMLMediaElement.HAVE_METADATA) return;
    const moves = this.showsVideo && this.#replay.isPlaying && !this.#replay.isWaiting && time < video.duration;
    if (video.playbackRate !== this.#replay.rate) video.playbackRate = this.#replay.rate;
    if (!moves) this.#isRefused = false;
    if (moves && video.paused && !this.#isRefused) video.play().catch((error: DOMException) => { this.#isRefused = error.name !== "AbortError"; }); // AbortError: paused before it started to play
    else if (!moves && !video.paused) video.pause();
    if (this.showsVideo && !video.seeking) this.#bring(time, moves);
  }

  /** Correct the video's time: while playing only if it drifts, while paused once. */
  #bring(time: number, moves: boolean) {
    const video = this.#video;
    const wanted = Math.min(moves ? time : time + AFTER_S, video.duration);
    const isThere = moves ? Math.abs(video.currentTime - wanted) <= DRIFT_S * this.#replay.rate : wanted === this.#sentTo;
    this.#sentTo = moves ? NaN : wanted;
    if (!isThere) video.currentTime = wanted;
  }

  /** Time of the skeleton to draw: that of the displayed video frame if the video is close. */
  #beside(time: number) {
    const isNear = Math.abs(this.#shown - time) <= BESIDE_S * Math.max(this.#replay.rate, 1);
    return isNear && !this.#video.hidden ? this.#shown : time;
  }

  /** @param fault ID of the fault to mark */
  #draw(time: number, definition: Definition | null, fault: string | null) {
    const { clientWidth: width, clientHeight: height } = this.element;
    const density = devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * density), Math.round(height * density)];
    const isFlipped = this.element.closest("[data-flipped]") !== null;
    const drawn = [time, this.#replay.frames.times.length, wide, high, this.showsSkeleton, isFlipped, definition !== null, fault].join();
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    if (this.#canvas.width !== wide || this.#canvas.height !== high) Object.assign(this.#canvas, { width: wide, height: high });
    const pen = penOf(this.#canvas);
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.clearRect(0, 0, width, height);
    const { frames } = this.#replay;
    const pose = this.showsSkeleton ? frames.at(time) : null;
    this.#angle.hide();
    if (!pose) return;
    const figure = figureOf(pose, frames.aspect);
    const whole = letterbox(width, height, frames.aspect);
    const box = { ...whole, width: whole.height }; // figures are in units of the picture height
    drawSkeleton(pen, figure, box, colours(this.element));
    const marks = definition ? marksOf({ timeMs: 0, landmarks: pose, world: frames.worldAt(time), aspectRatio: frames.aspect }, definition, fault) : NO_MARKS;
    const picture = pictureOf(figure, box, { width, height });
    drawFaulty(pen, marks.faulty, picture);
    this.#angle.show(marks, isFlipped ? { ...picture, place: (joint) => [width - picture.place(joint)[0], picture.place(joint)[1]] } : picture);
  }
}

export function colours(element: Element) {
  const style = getComputedStyle(element);
  const [left, right, trunk] = ["--left-side", "--right-side", "--trunk"].map((name) => style.getPropertyValue(name));
  return { left, right, trunk };
}
