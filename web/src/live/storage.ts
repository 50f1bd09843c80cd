/**
 * Storage of live sessions in the browser.
 * @module
 */

import { Problem } from "../api/problem.ts";
import { reportError } from "../api/error-reports.ts";
import { MemoryQueue } from "./memory-queue.ts";
import { openQueue, QueueFull, type SessionState } from "./queue.ts";

/**
 * Open the database, or an in-memory queue if the browser has no storage, or no room for a new session.
 * @param state of the new session, which is saved
 */
export async function openStorage(limitBytes?: number, state?: SessionState) {
  try {
    const queue = await openQueue(limitBytes);
    if (state) await queue.save(state);
    return { queue, isKept: true };
  } catch (error) {
    reportError("storage", (error as Error | null)?.name ?? "Error");
    return { queue: new MemoryQueue(limitBytes), isKept: false };
  }
}

/** Ask the browser not to evict the data; the browser may ask the user, and training does not wait for it. */
export function requestPersistentStorage() {
  navigator.storage?.persist?.().catch(() => {}); // otherwise the data is kept as long as there is room
}

/** The problem that data is stored in memory only. */
export function notDurableProblem() {
  return new Problem({
    title: "This browser cannot store data.",
    detail: "You can keep training. Leave this page open until everything is sent.",
    code: "live.not_durable",
  });
}

/** The problem that the server does not know a session that is to be completed. @param problem problem of the server */
export function unknownSessionProblem({ code, status, reference }: Problem) {
  return new Problem({
    title: "The server does not know this session.",
    detail: "The server no longer has this session, so its unsent data was deleted from this browser.",
    code,
    status,
    reference,
  });
}

/** What follows if the data of a live session or of a recording cannot be stored. */
const GOES_ON = {
  live: "What is stored will be sent. Until there is room again, only this device counts.",
  recording: "The recording continues. Leave this page open until it is saved.",
};

/** The problem that data of a live session or of a recording could not be stored. */
export function storageProblem(error: unknown, of: "live" | "recording" = "live") {
  reportError("storage", (error as Error | null)?.name ?? "Error");
  if (error instanceof QueueFull) return new Problem({ title: "This browser's storage is full.", detail: GOES_ON[of], code: `${of}.buffer_full` });
  return new Problem({ title: "This browser's storage failed.", detail: `${GOES_ON[of]} (${error})`, code: `${of}.storage_failed` });
}
