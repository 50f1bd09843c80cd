/**
 * What a browser keeps of live sessions.
 * @module
 */

import { Problem } from "../api/client.js";
import { MemoryQueue } from "./memory-queue.js";
import { openQueue, QueueFull } from "./queue.js";

/** What the browser keeps, or where it keeps nothing, what this page does. @param {number} [limitBytes] */
export async function opened(limitBytes) {
  try {
    return { queue: await openQueue(limitBytes), isKept: true };
  } catch {
    return { queue: new MemoryQueue(limitBytes), isKept: false };
  }
}

/** Ask that a full disk does not cost what waits; a browser may ask the athlete, and training waits for neither. */
export function keepForLong() {
  navigator.storage?.persist?.().catch(() => {}); // without it, it is kept as long as there is room
}

/** What the athlete is told where the page's memory is all there is. */
export function notKept() {
  return new Problem({
    title: "This browser keeps nothing.",
    detail: "Training goes on, but what waits to be sent is lost when this page is closed.",
    code: "live.not_durable",
  });
}

/** What the athlete is told where the server knows nothing of a session that is to be ended. @param {Problem} problem What the server said. */
export function unknownThere({ code, status, reference }) {
  return new Problem({
    title: "The server does not know this session any more.",
    detail: "What waited of it cannot be sent, and this browser keeps it no longer.",
    code,
    status,
    reference,
  });
}

/** What the athlete is told where something could not be kept. @param {unknown} error */
export function notTaken(error) {
  const goesOn = "What was kept up to now will be sent. From here on only this device counts, until there is room again.";
  if (error instanceof QueueFull) return new Problem({ title: "This browser can keep no more.", detail: goesOn, code: "live.buffer_full" });
  return new Problem({ title: "This browser's storage failed.", detail: `${goesOn} (${error})`, code: "live.storage_failed" });
}
