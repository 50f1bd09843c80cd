/**
 * Requests that the browser wakes the service worker once there is a connection, to send what waits (Background Sync API).
 * Browsers without it send when a page is open or opened again.
 * @module
 */

/** Name of the request. */
export const TAG = "kinelog-queue";

/** TypeScript's library lacks the Background Sync API. */
type SyncingRegistration = ServiceWorkerRegistration & {sync?: {register: (tag: string) => Promise<void>}};

/** Request it; without a service worker or without permission, nothing happens. */
export async function requestSync() {
  try {
    const registration = await globalThis.navigator?.serviceWorker?.getRegistration();
    await (registration as SyncingRegistration | undefined)?.sync?.register(TAG);
  } catch {
    // Not allowed, such as in a private window: the next page that is opened sends it.
  }
}
