/**
 * Web Locks, which all tabs of a browser share.
 * @module
 */

/** Hold a lock until a promise settles. A browser without locks holds none. @returns resolves when the lock is acquired, rejects if the signal aborts before */
export function locked(name: string, signal: AbortSignal, until: Promise<void>): Promise<void> {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((resolve, reject) => {
    navigator.locks.request(name, { signal }, () => { resolve(); return until; }).catch(reject);
  });
}
