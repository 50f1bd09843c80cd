/**
 * What was recorded: the film, and the skeleton over it or, where there is no film, on its own.
 * @module
 */

import { h } from "../dom.js";
import { drawSkeleton, letterbox } from "../skeleton.js";

/** Seconds that the film may be before or after the replay while it plays; more is put right at once. */
const DRIFT_S = 0.2;

/** And while it stands. */
const OFF_S = 0.02;

/** The recorded side of the stage; its `element` is to be put into the page. */
export class RecordedView {
  showsFilm = true;
  showsSkeleton = true;
  #replay;
  #video = h("video", { playsinline: true, preload: "auto", "aria-label": "Film of the session", hidden: true });
  #canvas = h("canvas", { class: "overlay", "aria-hidden": "true" });
  #caption = h("p", { class: "caption", hidden: true });
  #failure = h("p", { class: "stage-failure" });
  /** @type {string | null} */
  #source = null;
  /** Whether the browser does not play it this time (it saves power, or cannot): it goes along by leaps. */
  #isRefused = false;
  /** What the canvas shows: as long as it is the same, nothing is drawn anew. */
  #drawn = "";

  /** @param {import("./replay.js").Replay} replay */
  constructor(replay) {
    this.#replay = replay;
    this.#video.muted = true;
    this.element = h("div", { class: "recorded" }, this.#video, this.#canvas, this.#caption, this.#failure);
    this.#video.addEventListener("error", () => { this.#failure.textContent = "The film cannot be shown in this browser."; });
    this.#video.addEventListener("click", () => replay.toggle());
  }

  get hasFilm() {
    return this.#replay.film !== null;
  }

  /** Show the film, if there is one; the browser fetches what it needs of it, as whoever has signed in. */
  open() {
    const { film } = this.#replay;
    if (!film) return;
    this.#source = film.url;
    this.#video.src = film.url;
    this.#video.hidden = false;
  }

  /** Show a moment. @param {number} time seconds @param {string | null} cue */
  show(time, cue) {
    this.#video.hidden = this.#source === null || !this.showsFilm;
    this.#keepUp(time);
    this.#draw(time);
    if (this.#caption.textContent !== (cue ?? "")) this.#caption.textContent = cue ?? "";
    this.#caption.hidden = !cue;
  }

  close() {
    this.#video.pause();
    this.#video.removeAttribute("src");
  }

  /** Let the film be where the replay is. @param {number} time */
  #keepUp(time) {
    const video = this.#video;
    if (this.#source === null || video.readyState < HTMLMediaElement.HAVE_METADATA) return;
    const moves = this.showsFilm && this.#replay.isPlaying && !this.#replay.isWaiting && time < video.duration;
    if (video.playbackRate !== this.#replay.rate) video.playbackRate = this.#replay.rate;
    if (!moves) this.#isRefused = false;
    if (moves && video.paused && !this.#isRefused) video.play().catch((error) => { this.#isRefused = error.name !== "AbortError"; }); // AbortError: somebody paused before it had begun.
    else if (!moves && !video.paused) video.pause();
    const wanted = Math.min(time, video.duration);
    if (!video.seeking && Math.abs(video.currentTime - wanted) > (moves ? DRIFT_S * this.#replay.rate : OFF_S)) video.currentTime = wanted;
  }

  /** @param {number} time */
  #draw(time) {
    const { clientWidth: width, clientHeight: height } = this.element;
    const density = devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * density), Math.round(height * density)];
    const drawn = [time, this.#replay.frames.times.length, wide, high, this.showsSkeleton].join();
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    if (this.#canvas.width !== wide || this.#canvas.height !== high) Object.assign(this.#canvas, { width: wide, height: high });
    const pen = this.#canvas.getContext("2d");
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.clearRect(0, 0, width, height);
    const figure = this.showsSkeleton ? this.#replay.frames.figureAt(time) : null;
    if (!figure) return;
    const box = letterbox(width, height, this.#replay.frames.aspect);
    drawSkeleton(pen, figure, { ...box, width: box.height }, colours(this.element)); // a figure's unit is the picture's height
  }
}

/** @param {Element} element */
export function colours(element) {
  const style = getComputedStyle(element);
  const [left, right, trunk] = ["--left-side", "--right-side", "--trunk"].map((name) => style.getPropertyValue(name));
  return { left, right, trunk };
}
