/**
 * Values that later visits begin with, such as settings of the user, in the storage of this browser, and values of this tab.
 * Workers have no such storage.
 * @module
 */

/** Values of this tab for which the browser had no room, by key: they last as long as the page. */
const withoutRoom: Map<string, string> = new Map();

/** Throw an error again, unless it says that the browser has no room to store something. */
function expectNoRoom(error: unknown) {
  if ((error as Error).name !== "QuotaExceededError") throw error;
}

/** Store a value in this browser. Without room for it, later visits begin with the earlier one. */
export function storeValue(key: string, value: string) {
  try {
    globalThis.localStorage?.setItem(key, value);
  } catch (error) {
    expectNoRoom(error);
  }
}

/** Store a value in this tab. Without room for it, it lasts as long as the page. */
export function storeInTab(key: string, value: string) {
  try {
    sessionStorage.setItem(key, value);
    withoutRoom.delete(key);
  } catch (error) {
    expectNoRoom(error);
    withoutRoom.set(key, value);
  }
}

/** The value of this tab; null if there is none. */
export function storedInTab(key: string): string | null {
  return withoutRoom.get(key) ?? sessionStorage.getItem(key);
}

/** Remove a value of this tab. */
export function removeFromTab(key: string) {
  withoutRoom.delete(key);
  sessionStorage.removeItem(key);
}
