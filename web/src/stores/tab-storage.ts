/**
 * Values of this tab, which last until it is closed.
 * @module
 */

/** Values for which the browser had no room, by key: they last as long as the page. */
const withoutRoom: Map<string, string> = new Map();

/** Store a value in this tab. Without room for it, it lasts as long as the page. */
export function storeTabValue(key: string, value: string) {
  try {
    sessionStorage.setItem(key, value);
    withoutRoom.delete(key);
  } catch (error) {
    if ((error as Error).name !== "QuotaExceededError") throw error;
    withoutRoom.set(key, value);
  }
}

/** The value of this tab; null if there is none. */
export function tabValue(key: string): string | null {
  return withoutRoom.get(key) ?? sessionStorage.getItem(key);
}

/** Remove a value of this tab. */
export function removeTabValue(key: string) {
  withoutRoom.delete(key);
  sessionStorage.removeItem(key);
}
