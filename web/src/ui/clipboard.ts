/**
 * The clipboard.
 * @module
 */

/** Longest wait for the browser, which may ask the user. */
const PATIENCE_MS = 3000;

/** Copy a text to the clipboard. @returns false if the browser does not allow it, or does not answer */
export async function isCopied(text: string): Promise<boolean> {
  const patience = new Promise<boolean>((resolve) => { setTimeout(resolve, PATIENCE_MS, false); });
  try {
    return await Promise.race([navigator.clipboard.writeText(text).then(() => true), patience]);
  } catch {
    return false; // no clipboard without HTTPS, or not allowed: the user copies by hand
  }
}
