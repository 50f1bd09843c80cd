/**
 * A screen that goes dark in mid-set is of no use to somebody three metres away.
 * @module
 */

let wanted = false;

async function hold() {
  if (!wanted || document.hidden || !navigator.wakeLock) return;
  try {
    await navigator.wakeLock.request("screen");
  } catch (error) {
    // A device that saves its battery refuses; training goes on all the same.
    if (!(error instanceof DOMException)) throw error;
  }
}

/** Keep the screen on until the page is left; browsers forget it when another page is shown. */
export function keepScreenOn() {
  if (wanted) return;
  wanted = true;
  document.addEventListener("visibilitychange", () => void hold());
  void hold();
}
