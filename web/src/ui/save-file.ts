/**
 * Saving a file that a script has loaded or made.
 * @module
 */

/** A slow browser may begin to save this much later. */
const KEPT_MS = 60_000;

/** Let the browser save a file in the downloads of the user. */
export function saveFile(file: Blob, name: string) {
  const address = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
