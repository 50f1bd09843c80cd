/**
 * Values that later visits begin with, such as settings of the user, in the storage of this browser. Workers have no such storage.
 * @module
 */

/** Store a value in this browser. Without room for it, later visits begin with the earlier one. */
export function storeValue(key: string, value: string) {
  try {
    globalThis.localStorage?.setItem(key, value);
  } catch (error) {
    if ((error as Error).name !== "QuotaExceededError") throw error;
  }
}
