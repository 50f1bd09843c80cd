/**
 * Where a replay stands: told by the server a few times a second, and by this device's clock in between.
 * @module
 */

/** @typedef {{startMs: number, endMs: number}} Stretch */
/** @typedef {{ack: number, timeMs: number, playing: boolean, waiting: boolean, rate: number, loop: Stretch | null, endMs: number}} Position as `docs/how-to/replay.md` has it */

/** A moment of a recording that moves on with the time. */
export class Playhead {
  playing = false;
  waiting = false;
  rate = 1;
  /** @type {Stretch | null} */
  loop = null;
  endMs = 0;
  #timeMs = 0;
  #toldAt = 0;
  /** What the server is told of last; a position from before that is out of date. */
  #said = 0;

  /** Take what the server says. @param {Position} position @param {number} nowMs @returns {boolean} false where it is out of date */
  take(position, nowMs) {
    if (position.ack < this.#said) return false;
    this.#timeMs = position.timeMs;
    this.playing = position.playing;
    this.waiting = position.waiting;
    this.rate = position.rate;
    this.loop = position.loop;
    this.endMs = position.endMs;
    this.#toldAt = nowMs;
    return true;
  }

  /**
   * Take what was said to the server: it is so from now on, before the server has answered.
   * @param {number | null} said its number; null where the server did not hear it
   * @param {Partial<{timeMs: number, playing: boolean, rate: number, loop: Stretch | null}>} change
   * @param {number} nowMs
   */
  expect(said, change, nowMs) {
    this.#timeMs = change.timeMs ?? this.at(nowMs);
    this.#toldAt = nowMs;
    this.playing = change.playing ?? this.playing;
    this.rate = change.rate ?? this.rate;
    if (change.loop !== undefined) this.loop = change.loop;
    this.#said = said ?? this.#said;
  }

  /** The line is another one: what was said over the one before is forgotten, and the replay stands. @param {number} nowMs */
  lost(nowMs) {
    this.#timeMs = this.at(nowMs);
    this.#toldAt = nowMs;
    this.#said = 0;
    this.waiting = true;
  }

  /** Milliseconds since the session began. @param {number} nowMs */
  at(nowMs) {
    if (!this.playing || this.waiting) return this.#timeMs;
    const timeMs = this.#timeMs + Math.max(nowMs - this.#toldAt, 0) * this.rate;
    const { loop } = this;
    if (loop && timeMs > loop.endMs && this.#timeMs <= loop.endMs) return loop.startMs + ((timeMs - loop.startMs) % Math.max(loop.endMs - loop.startMs, 1));
    return Math.min(timeMs, Math.max(this.endMs, this.#timeMs));
  }
}
