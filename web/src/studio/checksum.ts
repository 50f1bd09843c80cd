/**
 * Checksum of a file, computed beside the page.
 * @module
 */

import { fileUnreadable } from "../api/problem.ts";

/**
 * Return the SHA-256 of a file in hexadecimal.
 * @param onProgress share 0..1 @throws {Problem} if the file cannot be read; AbortError
 */
export function checksum(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<string> {
  const worker = new Worker(new URL("./checksum-worker.ts", import.meta.url), { type: "module" });
  const digest: Promise<string> = new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    worker.addEventListener("error", () => reject(fileUnreadable()));
    worker.addEventListener("message", ({ data }) => {
      if (data.digest) resolve(data.digest);
      else if (data.error) reject(fileUnreadable());
      else onProgress(data.share);
    });
  });
  worker.postMessage(file);
  return digest.finally(() => worker.terminate());
}
