/**
 * Bundles steps up and down of a completed set into one correction.
 * @module
 */

/** Delay after the last step. */
const MIND_MADE_UP_MS = 600;

/** A correction that is sent after a short delay, or when something else has to be sent. */
export class PendingCorrection {
  #correction: {set: number, by: number} | null = null;
  #timer = 0;
  #send;

  constructor(send: (set: number, by: number) => void) {
    this.#send = send;
  }

  get isPending() { return this.#correction !== null; }

  add(set: number, by: number) {
    if (this.#correction?.set !== set) this.settle();
    this.#correction = { set, by: by + (this.#correction?.by ?? 0) };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.settle(), MIND_MADE_UP_MS);
  }

  /** Send the correction now. */
  settle() {
    const correction = this.#correction;
    clearTimeout(this.#timer);
    this.#correction = null;
    if (correction) this.#send(correction.set, correction.by);
  }
}
