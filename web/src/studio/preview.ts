/**
 * The published version of a trainer's video, on the page of the video.
 * @module
 */

import { request, type Problem } from "../api/client.ts";
import { brokenFilm, openFilm, type FilmSource } from "../content/film-source.ts";
import { clearBannerOf } from "../ui/banner.ts";
import { byId } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";

/** The elements #stage, #poster, #play and #film. */
export class Preview {
  #path;
  /** Number of the version that is shown. */
  #shown: number | null = null;
  #source: FilmSource | null = null;
  /** Set while the film is loaded. */
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
    byId("film").hidden = true;
    byId("play").hidden = false;
    byId("poster").hidden = !posterUrl;
    byId<"img">("poster").src = posterUrl ?? "";
  }

  /** @throws {Problem} */
  async play() {
    await this.#open();
    byId("film").focus();
    await byId<"video">("film").play().catch(() => {}); // the browser may ask for another click
  }

  /** @throws {Problem} */
  async seek(timeMs: number) {
    await this.#open();
    byId<"video">("film").currentTime = timeMs / 1000;
  }

  /** Load the film; nothing of it is loaded before somebody plays it or goes to a moment. */
  #open(): Promise<void> {
    this.#opening ??= this.#load().catch((error) => { this.#opening = null; throw error; });
    return this.#opening;
  }

  async #load() {
    const { hlsUrl } = await request(`${this.#path}/playback`);
    this.#source?.close();
    this.#source = null;
    const onError = (problem: Problem) => this.#failed(problem);
    this.#source = await openFilm(byId<"video">("film"), hlsUrl, { at: 0, onQuality: () => {}, onRefused: () => onError(brokenFilm()), onError });
    clearBannerOf(brokenFilm().code);
    byId("play").hidden = true;
    byId("film").hidden = false;
  }

  /** The film can no longer be played, and stops; pressing "Play" loads it again. */
  #failed(problem: Problem) {
    this.#source?.close();
    this.#source = null;
    this.#opening = null;
    byId("film").hidden = true;
    byId("play").hidden = false;
    showError(problem);
  }
}
