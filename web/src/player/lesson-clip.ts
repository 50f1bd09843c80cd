/**
 * Lesson clip element: the part of a trainer's video that shows an exercise, in a loop.
 * @module
 */

import { Problem, request, type Schemas } from "../api/client.ts";
import { openVideo, type VideoSource } from "../content/video-source.ts";
import { t } from "../i18n/l10n.ts";
import { h } from "../ui/dom.ts";

export type LessonPart = Schemas["LessonPart"];

/** Answers for those who may not watch the video, or no longer can. */
const GONE = new Set([401, 403, 404]);

/** `<lesson-clip>`: hidden if the video cannot be played; it plays by itself unless the user prefers reduced motion. */
export class LessonClip extends HTMLElement {
  #video = h("video", { muted: true, playsinline: true, controls: true, preload: "auto" });
  #source: VideoSource | null = null;
  #shown = "";
  #startS = 0;
  #endS = Infinity;

  connectedCallback() {
    if (this.firstChild) return;
    this.hidden = true;
    this.#video.muted = true;
    this.append(this.#video);
    this.#video.addEventListener("timeupdate", () => { if (this.#video.currentTime >= this.#endS) this.#video.currentTime = this.#startS; });
    this.#video.addEventListener("ended", () => { this.#video.currentTime = this.#startS; this.#play(); });
  }

  disconnectedCallback() {
    this.#close();
  }

  /** Show a part of a video, or nothing. @param name of the exercise */
  async show(part: LessonPart | null, name: string) {
    const key = part ? [part.contentId, part.number, part.segment].join() : "";
    if (key === this.#shown) return;
    this.#shown = key;
    this.#close();
    const opened = part && await load(part);
    if (!opened || this.#shown !== key) return; // another exercise was requested in the meantime
    [this.#startS, this.#endS] = [opened.segment.startMs / 1000, opened.segment.endMs / 1000];
    this.#video.setAttribute("aria-label", t("video-of", { exercise: name }));
    const hide = () => this.#close();
    const source = await openVideo(this.#video, opened.hlsUrl, { at: this.#startS, onQuality: () => {}, onRefused: hide, onError: hide }).catch(() => null);
    if (!source || this.#shown !== key) return source?.close();
    this.#source = source;
    this.hidden = false;
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.#play();
  }

  #play() {
    this.#video.play().catch(() => {}); // the browser may ask for a click first
  }

  #close() {
    this.#source?.close();
    this.#source = null;
    this.hidden = true;
  }
}

/** The part of a video and the address of the video; null if it cannot be watched, or its version was replaced. */
async function load({ contentId, number, segment }: LessonPart) {
  const path = `/v1/content/${encodeURIComponent(contentId)}` as const;
  try {
    const [lesson, playback] = await Promise.all([request(`${path}/lesson`), request(`${path}/playback`)]);
    const found = lesson.segments.find((each: {number: number}) => each.number === segment);
    return lesson.number === number && found ? { segment: found, hlsUrl: playback.hlsUrl } : null;
  } catch (error) {
    if (!(error instanceof Problem) || (error.status && !GONE.has(error.status) && error.status < 500)) throw error;
    return null; // the texts beside it say how to do the exercise
  }
}

customElements.define("lesson-clip", LessonClip);

declare global {
  interface HTMLElementTagNameMap { "lesson-clip": LessonClip }
}
