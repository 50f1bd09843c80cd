/**
 * Storage of live sessions in the browser.
 * @module
 */

import { Problem } from "../api/client.js";
import { reportError } from "../api/error-reports.js";
import { MemoryQueue } from "./memory-queue.js";
import { openQueue, QueueFull } from "./queue.js";

/** Open the database, or an in-memory queue if the browser has no storage. @param {number} [limitBytes] */
export async function opened(limitBytes) {
  try {
    return { queue: await openQueue(limitBytes), isKept: true };
  } catch (error) {
    reportError("storage", /** @type {any} */ (error)?.name ?? "Error");
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
    detail: "Training continues, but unsent data is lost if you close this page.",
    code: "live.not_durable",
  });
}

/** The problem that the server does not know a session that is to be completed. @param {Problem} problem problem of the server */
export function unknownSessionProblem({ code, status, reference }) {
  return new Problem({
    title: "The server does not know this session.",
    detail: "Unsent data of this session cannot be delivered and was deleted from this browser.",
    code,
    status,
    reference,
  });
}

/** The problem that data could not be stored. @param {unknown} error */
export function storageProblem(error) {
  reportError("storage", /** @type {any} */ (error)?.name ?? "Error");
  const goesOn = "Stored data will be sent. From now on only this device counts, until there is room again.";
  if (error instanceof QueueFull) return new Problem({ title: "This browser's storage is full.", detail: goesOn, code: "live.buffer_full" });
  return new Problem({ title: "This browser's storage failed.", detail: `${goesOn} (${error})`, code: "live.storage_failed" });
}
