/**
 * Screen wake lock: keeps the screen on during training.
 * @module
 */

let wanted = false;
let lock: WakeLockSentinel | null = null;

async function hold() {
  if (!wanted || document.hidden || !navigator.wakeLock) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    if (!wanted) release(); // the training ended in the meantime
  } catch (error) {
    // A device may refuse to save battery; training works anyway.
    if (!(error instanceof DOMException)) throw error;
  }
}

function release() {
  void lock?.release();
  lock = null;
}

const holdAgain = () => void hold();

/** Keep the screen on until the training ends; browsers release the lock when the page is hidden. */
export function keepScreenOn() {
  if (wanted) return;
  wanted = true;
  document.addEventListener("visibilitychange", holdAgain);
  holdAgain();
}

/** Let the screen turn off again. */
export function letScreenTurnOff() {
  wanted = false;
  release();
}
