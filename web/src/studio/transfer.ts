/**
 * Transfer of a file in parts to signed URLs. The server says which parts are missing, so a transfer goes on after a pause, a
 * reload or a lost connection, in any browser that has the file.
 * @module
 */

import { Problem, request, send, type Schemas } from "../api/client.ts";
import { NO_CODE, problemFrom, unreachable } from "../api/problem.ts";
import { checkReadable } from "../api/upload.ts";
import { t } from "../i18n/l10n.ts";

type Progress = Schemas["ContentUpload"];
type Part = Progress["parts"][number];
/** `waiting` for the connection or the server */
type State = "sending" | "waiting" | "paused";

const PARTS_AT_ONCE = 3;

/** A part without any progress for this time is sent again. */
const STALLED_MS = 60_000;

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;

/** A part is refused if its link has expired, or the upload is over: the server says which. After so many refusals, the transfer fails. */
const MOST_REFUSALS = 3;

/** Whether another attempt may succeed. */
function isPassing(error: unknown) {
  return error instanceof Problem && (error.isTemporary || error.status === 408);
}

/** The problem that a bucket refuses parts, as when it is full. Its response has no code of Kinelog, and its status would mislead the trainer. */
function refusedByStore({ status }: Problem) {
  return new Problem({ title: t("studio-store-refuses"), detail: t("studio-store-refuses-advice"), status });
}

/** Get the progress of an upload, or null if it is complete, cancelled or expired. @throws {Problem} */
export function uploadProgress(contentId: string, signal?: AbortSignal): Promise<Progress | null> {
  return request(`/v1/content/${encodeURIComponent(contentId)}/upload`, { signal }).catch((error) => {
    if (error instanceof Problem && error.code === "content.upload_over") return null;
    throw error;
  });
}

/** The upload of one file. */
export class Transfer {
  #contentId;
  #file;
  #onChange;
  #arrived = 0;
  #refusals = 0;
  /** Bytes of the parts that are on their way. */
  #sending: Map<number, number> = new Map();
  #stop = new AbortController();
  #state: State = "sending";
  #isCancelled = false;
  /** Ends the pause. */
  #resumed = () => {};

  constructor(contentId: string, file: File, onChange: (state: State, sentBytes: number) => void) {
    this.#contentId = contentId;
    this.#file = file;
    this.#onChange = onChange;
  }

  get isPaused() {
    return this.#state === "paused";
  }

  pause() {
    this.#say("paused");
    this.#stop.abort();
  }

  resume() {
    this.#stop = new AbortController();
    this.#say("sending");
    this.#resumed();
  }

  /** Send nothing any more; `run` ends. */
  cancel() {
    this.#isCancelled = true;
    this.#stop.abort();
    this.#resumed();
  }

  /** Send the file and complete the upload. @returns false if it was cancelled @throws {Problem} that needs a decision; others are waited for */
  async run(): Promise<boolean> {
    for (let failures = 0; !this.#isCancelled; ) {
      const before = this.#arrived;
      try {
        if (await this.#round()) return true;
        failures = 0;
      } catch (error) {
        if (this.#isCancelled) break;
        if (this.isPaused) await new Promise((resolve) => { this.#resumed = () => resolve(null); });
        else if (!isPassing(error)) throw error;
        else {
          await checkReadable(this.#file); // a failed request does not report it
          failures = this.#arrived > before ? 0 : failures + 1;
          this.#say("waiting");
          await this.#wait(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures));
        }
      }
    }
    return false;
  }

  /** Send the parts that are missing now, as many as have links. @returns whether the upload is complete */
  async #round(): Promise<boolean> {
    const { signal } = this.#stop;
    const progress = await uploadProgress(this.#contentId, signal);
    if (progress) this.#arrived = progress.arrivedBytes;
    this.#say("sending");
    if (!progress || progress.missingParts === 0) {
      // succeeds again if the answer was lost, or another device completed it; refused if it was cancelled or has expired
      await send("POST", `/v1/content/${encodeURIComponent(this.#contentId)}/upload/complete`);
      return true;
    }
    const parts = [...progress.parts];
    const errors: unknown[] = [];
    const sendNext = async () => {
      for (let part = parts.shift(); part; part = parts.shift()) {
        try {
          await this.#put(part, signal);
          this.#arrived += part.bytes;
          this.#refusals = 0;
        } catch (error) {
          errors.push(error);
          parts.length = 0; // parts on their way still arrive
        } finally {
          this.#sending.delete(part.number);
        }
      }
    };
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, sendNext));
    if (errors.length) throw this.#decisive(errors);
    return false;
  }

  /** The error of parts that decides what happens next. */
  #decisive(errors: unknown[]) {
    const refused = errors.find((error) => !isPassing(error));
    if (!refused) return errors[0];
    this.#refusals += 1;
    if (this.#refusals < MOST_REFUSALS) return unreachable();
    return refused instanceof Problem && refused.code === NO_CODE ? refusedByStore(refused) : refused;
  }

  /** Send a part. XMLHttpRequest, because `fetch` reports no progress. @throws {Problem} */
  #put({ number, offset, bytes, url }: Part, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = new XMLHttpRequest();
      let timer = 0;
      const watch = () => { clearTimeout(timer); timer = setTimeout(() => sent.abort(), STALLED_MS); };
      const abort = () => sent.abort();
      sent.upload.addEventListener("progress", ({ loaded }) => { watch(); this.#sending.set(number, Math.min(loaded, bytes)); this.#say(this.#state); });
      sent.addEventListener("loadend", () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
        if (sent.status >= 200 && sent.status < 300) resolve();
        else reject(sent.status ? problemFrom(sent.status, sent.responseText, sent.getResponseHeader("Request-ID")) : unreachable());
      });
      if (signal.aborted) { reject(unreachable()); return; }
      signal.addEventListener("abort", abort);
      sent.open("PUT", url);
      watch();
      sent.send(this.#file.slice(offset, offset + bytes));
    });
  }

  /** Wait, or until the connection is back. */
  #wait(pauseMs: number): Promise<void> {
    const { signal } = this.#stop;
    return new Promise((resolve) => {
      const over = () => { clearTimeout(timer); removeEventListener("online", over); signal.removeEventListener("abort", over); resolve(); };
      const timer = setTimeout(over, pauseMs);
      addEventListener("online", over);
      signal.addEventListener("abort", over);
    });
  }

  #say(state: State) {
    this.#state = state;
    const underway = [...this.#sending.values()].reduce((sum, each) => sum + each, 0);
    this.#onChange(state, Math.min(this.#file.size, this.#arrived + underway));
  }
}
