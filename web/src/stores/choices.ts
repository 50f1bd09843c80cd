/**
 * What later visits begin with, such as settings that the user has chosen, in the storage of this browser. Workers have none.
 * @module
 */

/** Store a value in this browser. Without room for it, later visits begin with the earlier one. */
export function storeChoice(key: string, value: string) {
  try {
    globalThis.localStorage?.setItem(key, value);
  } catch (error) {
    if ((error as Error).name !== "QuotaExceededError") throw error;
  }
}
