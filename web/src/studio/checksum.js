/**
 * Checksum of a file, computed beside the page.
 * @module
 */

import { Problem } from "../api/client.js";
import { t } from "../i18n/l10n.js";

/** That a file was changed or removed while it was read. */
export function unreadable() {
  return new Problem({ title: t("studio-unreadable"), detail: t("studio-unreadable-advice"), code: "content.unreadable" });
}

/**
 * Return the SHA-256 of a file in hexadecimal.
 * @param {File} file @param {(share: number) => void} onProgress share 0..1 @param {AbortSignal} signal
 * @returns {Promise<string>} @throws {Problem} if the file cannot be read; AbortError
 */
export function checksum(file, onProgress, signal) {
  const worker = new Worker(new URL("./checksum-worker.js", import.meta.url), { type: "module" });
  /** @type {Promise<string>} */
  const digest = new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    worker.addEventListener("error", () => reject(unreadable()));
    worker.addEventListener("message", ({ data }) => {
      if (data.digest) resolve(data.digest);
      else if (data.error) reject(unreadable());
      else onProgress(data.share);
    });
  });
  worker.postMessage(file);
  return digest.finally(() => worker.terminate());
}
