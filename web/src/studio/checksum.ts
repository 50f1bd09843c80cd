/**
 * Checksum of a file, computed beside the page.
 * @module
 */

import { Problem } from "../api/client.ts";
import { t } from "../i18n/l10n.ts";

/** That a file was changed or removed while it was read. */
export function unreadable() {
  return new Problem({ title: t("studio-unreadable"), detail: t("studio-unreadable-advice"), code: "content.unreadable" });
}

/**
 * Return the SHA-256 of a file in hexadecimal.
 * @param onProgress share 0..1 @throws {Problem} if the file cannot be read; AbortError
 */
export function checksum(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<string> {
  const worker = new Worker(new URL("./checksum-worker.ts", import.meta.url), { type: "module" });
  const digest: Promise<string> = new Promise((resolve, reject) => {
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
