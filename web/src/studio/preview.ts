/**
 * The published version of a trainer's video, on the page of the video.
 * @module
 */

import { request, type Problem } from "../api/client.ts";
import { brokenVideo, openVideo, type VideoSource } from "../content/video-source.ts";
import { clearBannerOf } from "../ui/banner.ts";
import { byId } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";

/** The elements #stage, #poster, #play and #preview. */
export class Preview {
  #path;
  /** Number of the version that is shown. */
  #shown: number | null = null;
  #source: VideoSource | null = null;
  /** Set while the video is loaded. */
  #opening: Promise<void> | null = null;

  /** @param path of the video in the API */
  constructor(path: `/v1/content/${string}`) {
    this.#path = path;
  }

  /** Show the poster of a version, unless it is already shown; null hides the preview. @throws {Problem} */
  async show(number: number | null) {
    if (number === this.#shown) return;
    this.#shown = number;
    byId("stage").hidden = number === null;
    if (number === null) return;
    const { posterUrl } = await request(`${this.#path}/playback`);
    this.#opening = null;
    byId("preview").hidden = true;
    byId("play").hidden = false;
    byId("poster").hidden = !posterUrl;
    byId<"img">("poster").src = posterUrl ?? "";
  }

  /** @throws {Problem} */
  async play() {
    await this.#open();
    byId("preview").focus();
    await byId<"video">("preview").play().catch(() => {}); // the browser may ask for another click
  }

  /** @throws {Problem} */
  async seek(timeMs: number) {
    await this.#open();
    byId<"video">("preview").currentTime = timeMs / 1000;
  }

  /** Load the video; nothing of it is loaded before somebody plays it or goes to a moment. */
  #open(): Promise<void> {
    this.#opening ??= this.#load().catch((error) => { this.#opening = null; throw error; });
    return this.#opening;
  }

  async #load() {
    const { hlsUrl } = await request(`${this.#path}/playback`);
    this.#source?.close();
    this.#source = null;
    const onError = (problem: Problem) => this.#failed(problem);
    this.#source = await openVideo(byId<"video">("preview"), hlsUrl, { at: 0, onQuality: () => {}, onRefused: () => onError(brokenVideo()), onError });
    clearBannerOf(brokenVideo().code);
    byId("play").hidden = true;
    byId("preview").hidden = false;
  }

  /** The video can no longer be played, and stops; pressing "Play" loads it again. */
  #failed(problem: Problem) {
    this.#source?.close();
    this.#source = null;
    this.#opening = null;
    byId("preview").hidden = true;
    byId("play").hidden = false;
    showError(problem);
  }
}
