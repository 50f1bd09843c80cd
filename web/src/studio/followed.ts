/**
 * Follows the videos that the server works on, by server-sent events.
 * @module
 */

import { Problem, request, type Schemas } from "../api/client.ts";
import { isWorking } from "./states.ts";

type Video = Schemas["ContentItem"];

/** Streams at once. A browser has six connections to a server by HTTP/1.1, of which an upload takes three. */
const STREAMS = 2;

/** Pause before videos without a stream are read again. */
const REFRESH_MS = 10_000;

/** The newest videos have a stream; the others are read from time to time. */
export class Followed {
  #streams: Map<string, EventSource> = new Map();
  /** Videos that wait for a stream. */
  #waiting: Set<string> = new Set();
  #onChange;

  constructor(onChange: (video: Video) => void) {
    this.#onChange = onChange;
    setInterval(() => this.#refresh(), REFRESH_MS);
  }

  /** Follow a video while the server works on it. */
  follow(video: Video) {
    const { contentId } = video;
    if (!isWorking(video)) this.#close(contentId);
    else if (!this.#streams.has(contentId)) {
      this.#waiting.add(contentId);
      this.#open();
    }
  }

  forget(contentId: string) {
    this.#close(contentId);
  }

  #open() {
    for (const contentId of this.#waiting) {
      if (this.#streams.size >= STREAMS) return;
      this.#waiting.delete(contentId);
      const stream = new EventSource(`/v1/content/${encodeURIComponent(contentId)}/events`);
      this.#streams.set(contentId, stream);
      stream.addEventListener("content", ({ data }) => this.#show(JSON.parse(data)));
      stream.addEventListener("error", () => {
        if (stream.readyState !== EventSource.CLOSED) return; // else the browser connects again
        this.#streams.delete(contentId);
        this.#waiting.add(contentId);
      });
    }
  }

  #show(video: Video) {
    this.follow(video);
    this.#onChange(video);
  }

  #close(contentId: string) {
    this.#waiting.delete(contentId);
    this.#streams.get(contentId)?.close();
    if (this.#streams.delete(contentId)) this.#open();
  }

  /** Read the videos without a stream, and open streams for them if there is room again. */
  async #refresh() {
    if (document.hidden) return;
    for (const contentId of [...this.#waiting]) {
      try {
        this.#show(await request(`/v1/content/${encodeURIComponent(contentId)}`));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.status === 404) this.#close(contentId); // others are tried again
      }
    }
  }
}
