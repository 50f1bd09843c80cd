/**
 * State of a recording's video: shown until the video is ready, which may be some time after the recording.
 * @module
 */

import { request } from "../api/client.ts";
import { t } from "../i18n/l10n.ts";

/** Pause between two questions whether the video is ready, in milliseconds. */
const POLL_MS = 3000;

/** Sentence for a video that is not ready; empty for others. @param problem code of the reason */
export function videoSentence(status: string, problem: string | null) {
  if (status === "pending") return t("video-being-made");
  if (status === "failed") return t("video-failed", { problem });
  return "";
}

/** Shows the state of the video, and asks the server until it is ready or has failed. */
export class VideoStatus {
  #element;
  #path;
  #ask;
  #onReady;

  constructor(element: HTMLElement, { id, share }: {id: string, share: string | null}, onReady: (video: {url: string, mediaType: string}) => void) {
    const path = `/v1/recordings/${encodeURIComponent(id)}` as const;
    const search = share ? `?${new URLSearchParams({ share })}` : "";
    this.#element = element;
    this.#path = { recording: `${path}${search}` as const, video: `${path}/video${search}` };
    this.#ask = share ? fetch : undefined; // a share link needs no sign-in
    this.#onReady = onReady;
  }

  show(status: string, problem: string | null) {
    const sentence = videoSentence(status, problem);
    this.#element.textContent = sentence;
    this.#element.hidden = !sentence;
    if (status === "pending") setTimeout(() => void this.#again(problem), POLL_MS);
  }

  async #again(problem: string | null) {
    let row;
    try {
      row = await request(this.#path.recording, undefined, this.#ask);
    } catch {
      this.show("pending", problem); // the replay itself reports a lost connection
      return;
    }
    this.show(row.video_status, row.video_problem);
    if (row.video_status === "ready" && row.video_media_type) this.#onReady({ url: this.#path.video, mediaType: row.video_media_type });
  }
}
