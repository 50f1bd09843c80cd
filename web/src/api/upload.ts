/**
 * Uploads of forms with a file, which report their progress.
 * @module
 */

import { request } from "./client.ts";
import { authorized } from "./credentials.ts";
import { fileUnreadable, Problem, UNREACHABLE } from "./problem.ts";
import { traceHeaders } from "./tracing.ts";
import type { ResponseOf } from "./operations.ts";

/** What an upload has besides its form. */
interface Options {
  headers?: Record<string, string>;
  /** cancels the upload */
  signal?: AbortSignal;
  onProgress: (sentBytes: number, bytes: number) => void;
}

/** `fetch` by XMLHttpRequest, because `fetch` reports no upload progress. A lost connection is a TypeError, as of `fetch`. */
function fetchWithProgress(path: string, { headers, body, signal }: RequestInit, onProgress: Options["onProgress"]): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const sending = new XMLHttpRequest();
    sending.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded, total));
    sending.addEventListener("load", () => resolve(new Response(sending.responseText || null, { status: sending.status, headers: { "Request-ID": sending.getResponseHeader("Request-ID") ?? "" } })));
    sending.addEventListener("error", () => reject(new TypeError()));
    sending.addEventListener("abort", () => reject(signal?.reason));
    signal?.addEventListener("abort", () => sending.abort());
    sending.open("POST", path);
    for (const [name, value] of Object.entries({ Accept: "application/json", ...traceHeaders(), ...headers as Record<string, string> })) sending.setRequestHeader(name, value);
    sending.send(body as FormData);
  });
}

/** @throws {Problem} if the file was changed or removed since it was chosen */
export async function checkReadable(file: File) {
  await file.slice(0, 1).arrayBuffer().catch(() => { throw fileUnreadable(); });
}

/** Send a form and return the JSON response. @throws {Problem} DOMException if it was cancelled */
export async function upload<Url extends string>(url: Url, body: FormData, { headers, signal, onProgress }: Options): Promise<ResponseOf<"POST", Url>> {
  const fetching = (path: string, options: RequestInit = {}) => fetchWithProgress(path, options, onProgress);
  try {
    return await request(url, { method: "POST", headers, body, signal }, (path, options) => authorized(path, options, fetching));
  } catch (error) {
    const files = [...body.values()].filter((each) => each instanceof File);
    if (error instanceof Problem && error.code === UNREACHABLE) await Promise.all(files.map(checkReadable)); // browsers report an unreadable file as a lost connection
    throw error;
  }
}
