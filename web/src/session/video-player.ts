/**
 * Video player of a session with skeleton, repetition counter and cue.
 * @module
 */

import { faultyJoints, movingJoint, type Definition } from "../motion/joint-marks.ts";
import { h, icon, penOf, type PATHS } from "../ui/dom.ts";
import { clock } from "../i18n/format.ts";
import { AngleLabel, drawFaulty, pictureOf, type Picture } from "../ui/joint-marks.ts";
import { drawSkeleton, letterbox } from "../ui/skeleton.ts";
import { postureOf } from "./posture.ts";
import { t } from "../i18n/l10n.ts";
import type { Frames } from "./pose-frames.ts";

const SPEEDS = [0.25, 0.5, 0.75, 1, 1.5, 2, 4];

/** Frame duration of a typical camera, used when no recorded frame is known. */
const USUAL_FRAME_S = 1 / 30;

interface Film {
  url: string;
  /** width / height */
  aspect: number;
  /** seconds, until the video metadata is loaded */
  duration: number;
  /** repetitions of the session */
  total: number;
  phaseName: (phase: string) => string;
  frames: Frames;
}

/** in seconds; `key` of its repetition, if it is one */
type Loop = {key?: string, start: number, end: number};
/** `fault`: ID of the fault that it corrects */
export type Cue = {cue: string, fault: string | null};

/** A video with its controls; `element` is the section to insert. */
export class Player {
  film: Film;
  onTime: (time: number) => void;
  onRest: (time: number) => void;
  element: HTMLElement;
  stage!: any;
  soundButton!: HTMLButtonElement;
  watcher!: ResizeObserver;

  time = 0;
  loop: Loop | null = null;
  showsSkeleton = true;
  /** Marks on the body. */
  marked: {definition: Definition | null, fault: string | null, degrees: number | null} = { definition: null, fault: null, degrees: null };
  closed = false;
  angle = new AngleLabel();
  video = h("video", { playsinline: true, preload: "auto", "aria-label": t("video-of-session") });
  canvas = h("canvas", { class: "overlay", "aria-hidden": "true" });
  count = h("b", null, "0");
  caption = h("p", { class: "caption", hidden: true });
  failure = h("p", { class: "stage-failure", role: "alert" });
  playButton = h("button", { class: "button primary play", type: "button", onclick: () => this.toggle() });
  clock = h("p", { class: "clock number", "aria-hidden": "true" }, "0:00.00");
  reading = h("p", { class: "reading number", "aria-hidden": "true" });
  skeletonButton = h("button", { class: "button", type: "button", "aria-pressed": "true", onclick: () => this.toggleSkeleton() }, icon("skeleton"), t("skeleton"));
  loopButton = h("button", { class: "button", type: "button", hidden: true, onclick: () => this.setLoop(null) }, icon("loop"), t("stop-loop"));
  speed = h("select", { id: "speed", onchange: () => { this.video.playbackRate = Number(this.speed.value); } },
    SPEEDS.map((speed) => h("option", { value: speed, selected: speed === 1 }, `${speed}×`)));

  constructor(shown: Film, { onTime, onRest }: {onTime: (time: number) => void, onRest: (time: number) => void}) {
    this.film = shown;
    this.onTime = onTime;
    this.onRest = onRest;
    this.stageParts();
    this.element = h("section", { class: "player", "aria-label": t("video") }, this.stage, this.controls());
    this.listen();
  }

  stageParts() {
    Object.assign(this.video, { src: this.film.url, muted: true });
    this.stage = h("div", { class: "stage" }, this.video, this.canvas, this.angle.element,
      h("p", { class: "counter", "aria-hidden": "true" }, this.count, h("span", null, t("counter-of", { target: this.film.total }))),
      this.caption, this.failure);
    this.stage.style.setProperty("--aspect", String(this.film.aspect));
  }

  controls() {
    const button = (name: keyof typeof PATHS, label: string, act: () => void, pressed: string | null = null) => h("button", { class: "button icon-button", type: "button", "aria-label": label, title: label, "aria-pressed": pressed, onclick: act }, icon(name));
    this.soundButton = button("muted", t("sound"), () => this.toggleSound(), "false");
    this.paintPlay();
    return h("div", { class: "controls" },
      h("div", { class: "control-group" }, button("back", t("previous-frame"), () => this.stepFrame(-1)), this.playButton, button("forward", t("next-frame"), () => this.stepFrame(1))),
      h("div", { class: "readings" }, this.clock, this.reading),
      h("div", { class: "control-group end" }, this.loopButton, this.skeletonButton,
        h("label", { class: "field inline", for: "speed" }, h("span", { class: "visually-hidden" }, t("speed")), this.speed),
        this.soundButton, button("full", t("full-screen"), () => this.toggleFull())));
  }

  listen() {
    const { video } = this;
    for (const name of ["play", "pause", "ended"]) video.addEventListener(name, () => { this.paintPlay(); this.settle(); });
    for (const name of ["seeking", "seeked", "loadeddata"]) video.addEventListener(name, () => this.show(video.currentTime));
    video.addEventListener("seeked", () => this.settle());
    video.addEventListener("click", () => this.toggle());
    video.addEventListener("ended", () => { if (this.loop) { this.seek(this.loop.start); this.play(); } });
    video.addEventListener("error", () => { this.failure.textContent = t("video-not-playable"); });
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.stage);
    this.follow();
  }

  /** Draw with each video frame, or with each repaint if the browser lacks requestVideoFrameCallback. */
  follow() {
    if (this.closed) return;
    if ("requestVideoFrameCallback" in this.video) {
      this.video.requestVideoFrameCallback((_now: number, { mediaTime }: {mediaTime: number}) => { this.show(mediaTime); this.follow(); });
    } else {
      requestAnimationFrame(() => { if (!this.video.paused) this.show(this.video.currentTime); this.follow(); });
    }
  }

  get duration() {
    return Number.isFinite(this.video.duration) ? this.video.duration : this.film.duration;
  }

  /** @param time seconds */
  show(time: number) {
    if (this.closed) return;
    this.time = time;
    if (this.loop && !this.video.paused && (time >= this.loop.end || time < this.loop.start - 0.5)) this.seek(this.loop.start);
    this.clock.textContent = `${clock(time, 2)} / ${clock(this.duration, 2)}`;
    this.onTime(time);
    this.draw();
  }

  /** Report the time when the video is paused. */
  settle() {
    if (this.video.paused) this.onRest(this.video.currentTime);
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    const density = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * density) || this.canvas.height !== Math.round(height * density)) {
      this.canvas.width = Math.round(width * density);
      this.canvas.height = Math.round(height * density);
    }
    const pen = penOf(this.canvas);
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.clearRect(0, 0, width, height);
    const points = this.showsSkeleton ? this.film.frames.at(this.time) : null;
    this.angle.hide();
    if (!points) return;
    const aspect = this.video.videoWidth ? this.video.videoWidth / this.video.videoHeight : this.film.aspect;
    const box = letterbox(width, height, aspect);
    drawSkeleton(pen, points, box, this.colours());
    this.mark(pen, points, pictureOf(points, box, { width, height }));
  }

  mark(pen: CanvasRenderingContext2D, points: Float32Array, picture: Picture) {
    const { definition, fault, degrees } = this.marked;
    if (!definition) return;
    const posture = postureOf(points);
    const faulty = faultyJoints(definition, fault, posture);
    const joint = movingJoint(definition, posture);
    drawFaulty(pen, faulty, picture);
    this.angle.show({ faulty, angle: joint === null || degrees === null ? null : { joint, degrees } }, picture);
  }

  colours() {
    const style = getComputedStyle(this.stage);
    const [left, right, trunk] = ["--left-side", "--right-side", "--trunk"].map((name) => style.getPropertyValue(name));
    return { left, right, trunk };
  }

  /** @param definition of the exercise at this time */
  tell(count: number, given: Cue | null, sample: {angle: number | null, phase: string} | null, definition: Definition | null) {
    const cue = given?.cue ?? null;
    this.marked = { definition, fault: given?.fault ?? null, degrees: sample?.angle ?? null };
    if (this.count.textContent !== String(count)) this.count.textContent = String(count);
    this.caption.textContent = cue ?? "";
    this.caption.hidden = !cue;
    const angle = sample && sample.angle !== null ? `${Math.round(sample.angle)}° · ` : "";
    this.reading.textContent = sample ? `${angle}${this.film.phaseName(sample.phase)}` : "";
  }

  /** @param time seconds */
  seek(time: number) {
    this.video.currentTime = Math.min(Math.max(time, 0), this.duration);
  }

  skip(seconds: number) {
    this.seek(this.video.currentTime + seconds);
  }

  stepFrame(direction: 1 | -1) {
    this.video.pause();
    const now = this.video.currentTime;
    this.seek(this.film.frames.step(now, direction) ?? now + direction * USUAL_FRAME_S);
  }

  play() {
    this.video.play().catch((error: DOMException) => {
      if (error.name !== "AbortError") throw error; // paused before it started to play
    });
  }

  toggle() {
    if (this.video.paused) this.play();
    else this.video.pause();
  }

  /** Loop a part of the video; null ends the loop. */
  setLoop(loop: Loop | null) {
    this.loop = loop;
    this.loopButton.hidden = !loop;
    this.element.dispatchEvent(new CustomEvent("loop", { detail: loop }));
    if (loop) {
      this.seek(loop.start);
      this.play();
    }
  }

  toggleSkeleton() {
    this.showsSkeleton = !this.showsSkeleton;
    this.skeletonButton.setAttribute("aria-pressed", String(this.showsSkeleton));
    this.draw();
  }

  toggleSound() {
    this.video.muted = !this.video.muted;
    this.soundButton.setAttribute("aria-pressed", String(!this.video.muted));
    this.soundButton.replaceChildren(icon(this.video.muted ? "muted" : "sound"));
  }

  toggleFull() {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void this.stage.requestFullscreen();
  }

  paintPlay() {
    const paused = this.video.paused;
    this.playButton.replaceChildren(icon(paused ? "play" : "pause"), paused ? t("play") : t("pause"));
  }

  close() {
    this.closed = true;
    this.watcher?.disconnect();
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
  }
}
