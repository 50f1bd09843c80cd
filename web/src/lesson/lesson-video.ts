/**
 * Trainer's video on the lesson page. If it fails, the training goes on, and the video can be opened again.
 * @module
 */

import { request } from "../api/client.ts";
import { brokenVideo, openVideo, type VideoSource } from "../content/video-source.ts";
import { t } from "../i18n/l10n.ts";
import { showError } from "../ui/forms.ts";

/** The video of one lesson. */
export class LessonVideo {
  #video;
  #path;
  #source: VideoSource | null = null;

  /** @param path of the video in the API */
  constructor(video: HTMLVideoElement, path: `/v1/content/${string}`) {
    this.#video = video;
    this.#path = path;
  }

  /** @param hlsUrl link to the video @param at position in seconds @throws {Problem} */
  async open(hlsUrl: string, at = 0) {
    const onError = (error: unknown) => this.#offerAgain(error, this.#video.currentTime);
    this.#source = await openVideo(this.#video, hlsUrl, { at, onQuality: () => {}, onRefused: () => onError(brokenVideo()), onError });
  }

  #offerAgain(error: unknown, at: number) {
    const onAction = () => void this.#openAgain(at).catch((reason) => this.#offerAgain(reason, at));
    showError(error, { kept: undefined, advice: undefined, action: t("try-again"), onAction });
  }

  /** Request a new link, because the old one may have expired, and go on. @throws {Problem} */
  async #openAgain(at: number) {
    const { hlsUrl } = await request(`${this.#path}/playback`);
    this.#source?.close();
    this.#source = null;
    await this.open(hlsUrl, at);
  }
}
