/**
 * Screen wake lock: keeps the screen on during training.
 * @module
 */

let wanted = false;

async function hold() {
  if (!wanted || document.hidden || !navigator.wakeLock) return;
  try {
    await navigator.wakeLock.request("screen");
  } catch (error) {
    // A device may refuse to save battery; training works anyway.
    if (!(error instanceof DOMException)) throw error;
  }
}

/** Keep the screen on until the page is left; browsers release the lock when the page is hidden. */
export function keepScreenOn() {
  if (wanted) return;
  wanted = true;
  document.addEventListener("visibilitychange", () => void hold());
  void hold();
}
