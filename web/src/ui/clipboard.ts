/**
 * The clipboard.
 * @module
 */

/** Copy a text to the clipboard. @returns false if the browser does not allow it */
export async function isCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no clipboard without HTTPS, or not allowed: the user copies by hand
  }
}
