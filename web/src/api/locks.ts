/**
 * Web Locks, which all tabs of a browser share. A browser that blocks all cookies refuses them.
 * @module
 */

/** Hold a lock until a promise settles. A browser without locks, or that refuses them, holds none. @returns resolves when the lock is acquired, rejects if the signal aborts before */
export function locked(name: string, signal: AbortSignal, until: Promise<void>): Promise<void> {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((resolve, reject) => {
    navigator.locks.request(name, { signal }, () => { resolve(); return until; }).catch((error) => isRefused(error) ? resolve() : reject(error));
  });
}

/** The names of the locks that this page or another one holds. */
export async function heldLocks(): Promise<string[]> {
  try {
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    return held.map(({ name = "" }) => name);
  } catch (error) {
    if (!isRefused(error)) throw error;
    return [];
  }
}

const isRefused = (error: unknown) => (error as Error).name === "SecurityError";
