/**
 * What a browser keeps of live sessions, and that only one page at a time sends it.
 * @module
 */

import { Problem } from "../api.js";
import { MemoryQueue } from "./memory-queue.js";
import { openQueue, QueueFull } from "./queue.js";

/** What the browser keeps, or where it keeps nothing, what this page does. @param {number} [limitBytes] */
export async function opened(limitBytes) {
  try {
    const queue = await openQueue(limitBytes);
    await navigator.storage?.persist?.(); // so that a full disk does not cost what waits
    return { queue, isKept: true };
  } catch {
    return { queue: new MemoryQueue(limitBytes), isKept: false };
  }
}

/** Do what only one page at a time may do for a session. @param {string} sessionId @param {() => Promise<void>} work @returns {Promise<void>} */
export function alone(sessionId, work) {
  return navigator.locks ? navigator.locks.request(`kinelog-live-${sessionId}`, work) : work();
}

/** What the athlete is told where the page's memory is all there is. */
export function notKept() {
  return new Problem({
    title: "This browser keeps nothing.",
    detail: "Training goes on, but what waits to be sent is lost when this page is closed.",
    code: "live.not_durable",
  });
}

/** What the athlete is told where something could not be kept. @param {unknown} error */
export function notTaken(error) {
  const goesOn = "What was kept up to now will be sent. From here on only this device counts, until there is room again.";
  if (error instanceof QueueFull) return new Problem({ title: "This browser can keep no more.", detail: goesOn, code: "live.buffer_full" });
  return new Problem({ title: "This browser's storage failed.", detail: `${goesOn} (${error})`, code: "live.storage_failed" });
}
