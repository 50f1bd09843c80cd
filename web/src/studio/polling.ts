/**
 * Polling of what the server works on.
 * @module
 */

import { clearProblem } from "../ui/banner.ts";
import { showError } from "../ui/forms.ts";

/** Reads something again after a pause, also after failures. Only the first failure of an outage is shown. */
export class Polling {
  #read;
  #pauseMs;
  #timer = 0;

  constructor(read: () => Promise<void>, pauseMs: number) {
    this.#read = read;
    this.#pauseMs = pauseMs;
  }

  /** Read once after the pause. */
  start(hasFailed = false) {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#read().then(() => { if (hasFailed) clearProblem(); }, (error) => {
        this.start(true);
        if (!hasFailed) showError(error);
      });
    }, this.#pauseMs);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
