/**
 * What was recorded: the film, and the skeleton over it or, where there is no film, on its own.
 * @module
 */

import { h } from "../ui/dom.js";
import { drawSkeleton, letterbox } from "../ui/skeleton.js";

/** Seconds that the film may be before or after the replay while it plays; more is put right at once. */
const DRIFT_S = 0.2;

/** So far apart the skeleton still waits for the film, or for what it shows after a leap; beyond, it goes on alone. */
const BESIDE_S = 1;

/** Times of frames are rounded: where a film stands so much later it surely shows the frame that is meant. */
const AFTER_S = 0.001;

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
  /** Where the film was last sent to while the replay stands; NaN while it plays. */
  #sentTo = NaN;
  /** Which of its moments the film shows, seconds. */
  #shown = NaN;
  /** What the canvas shows: as long as it is the same, nothing is drawn anew. */
  #drawn = "";

  /** @param {import("./replay.js").Replay} replay */
  constructor(replay) {
    this.#replay = replay;
    this.#video.muted = true;
    this.element = h("div", { class: "recorded" }, this.#video, this.#canvas, this.#caption, this.#failure);
    this.#video.addEventListener("error", () => { this.#failure.textContent = "The film cannot be shown in this browser."; });
    this.#video.addEventListener("click", () => replay.toggle());
    this.#watch();
  }

  /** Know which picture of the film is seen: it begins to play later than the replay, and goes on in frames of its own. */
  #watch() {
    this.#video.requestVideoFrameCallback?.((_now, { mediaTime }) => { this.#shown = mediaTime; this.#watch(); });
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
    this.#draw(this.#beside(time));
    if (this.#caption.textContent !== (cue ?? "")) this.#caption.textContent = cue ?? "";
    this.#caption.hidden = !cue;
  }

  close() {
    this.#video.pause();
    this.#video.removeAttribute("src");
  }

  /** Let the film be where the replay is; one that is not shown waits. @param {number} time */
  #keepUp(time) {
    const video = this.#video;
    if (this.#source === null || video.readyState < HTMLMediaElement.HAVE_METADATA) return;
    const moves = this.showsFilm && this.#replay.isPlaying && !this.#replay.isWaiting && time < video.duration;
    if (video.playbackRate !== this.#replay.rate) video.playbackRate = this.#replay.rate;
    if (!moves) this.#isRefused = false;
    if (moves && video.paused && !this.#isRefused) video.play().catch((error) => { this.#isRefused = error.name !== "AbortError"; }); // AbortError: somebody paused before it had begun.
    else if (!moves && !video.paused) video.pause();
    if (this.showsFilm && !video.seeking) this.#bring(time, moves);
  }

  /** Put right where the film is: while it plays, if it is far off; where it stands, once. @param {number} time @param {boolean} moves */
  #bring(time, moves) {
    const video = this.#video;
    const wanted = Math.min(moves ? time : time + AFTER_S, video.duration);
    const isThere = moves ? Math.abs(video.currentTime - wanted) <= DRIFT_S * this.#replay.rate : wanted === this.#sentTo;
    this.#sentTo = moves ? NaN : wanted;
    if (!isThere) video.currentTime = wanted;
  }

  /** The moment whose skeleton belongs over the film: that of the picture that is seen, as long as the film is near. @param {number} time */
  #beside(time) {
    const isNear = Math.abs(this.#shown - time) <= BESIDE_S * Math.max(this.#replay.rate, 1);
    return isNear && !this.#video.hidden ? this.#shown : time;
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
