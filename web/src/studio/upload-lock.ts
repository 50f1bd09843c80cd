/**
 * Locks of uploads: the pages of a browser see that one of them sends a file.
 * @module
 */

import { heldLocks, locked } from "../api/locks.ts";

/** Prefix of the lock name, before the ID of the video. */
const LOCK = "kinelog-upload-";

/** Lock an upload. @returns releases the lock */
export function lockUpload(contentId: string): () => void {
  const released: PromiseWithResolvers<void> = Promise.withResolvers();
  void locked(LOCK + contentId, new AbortController().signal, released.promise);
  return released.resolve;
}

/** Uploads that pages of this browser send, this one or another. */
export class RunningUploads {
  #ids: Set<string> = new Set();
  #onEnd;

  /** @param onEnd is called when no page sends an upload any more */
  constructor(onEnd: (contentId: string) => void) {
    this.#onEnd = onEnd;
  }

  has(contentId: string) {
    return this.#ids.has(contentId);
  }

  /** Find the uploads that have begun. */
  async refresh() {
    for (const name of await heldLocks()) if (name.startsWith(LOCK)) this.#follow(name);
  }

  #follow(name: string) {
    const contentId = name.slice(LOCK.length);
    if (this.#ids.has(contentId)) return;
    this.#ids.add(contentId);
    void navigator.locks.request(name, { mode: "shared" }, () => {}).then(() => {
      this.#ids.delete(contentId);
      this.#onEnd(contentId);
    });
  }
}
