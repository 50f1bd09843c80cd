/**
 * Playhead: the server's position, advanced by this device's clock in between.
 * @module
 */

type Stretch = {startMs: number, endMs: number};
/** see `docs/how-to/replay.md` */
export type Position = {ack: number, timeMs: number, playing: boolean, waiting: boolean, rate: number, loop: Stretch | null, endMs: number};

/** A position in the recording that advances with time. */
export class Playhead {
  playing = false;
  waiting = false;
  rate = 1;
  loop: Stretch | null = null;
  endMs = 0;
  #timeMs = 0;
  #updatedAt = 0;
  /** Number of the last command; positions from before it are outdated. */
  #command = 0;

  /** Apply a position from the server. @returns false if it is outdated */
  take(position: Position, nowMs: number): boolean {
    if (position.ack < this.#command) return false;
    this.#timeMs = position.timeMs;
    this.playing = position.playing;
    this.waiting = position.waiting;
    this.rate = position.rate;
    this.loop = position.loop;
    this.endMs = position.endMs;
    this.#updatedAt = nowMs;
    return true;
  }

  /**
   * Apply a command at once, before the server has answered.
   * @param command number of the command; null if it was not sent
   */
  expect(command: number | null, change: Partial<{timeMs: number, playing: boolean, rate: number, loop: Stretch | null}>, nowMs: number) {
    this.#timeMs = change.timeMs ?? this.at(nowMs);
    this.#updatedAt = nowMs;
    this.playing = change.playing ?? this.playing;
    this.rate = change.rate ?? this.rate;
    if (change.loop !== undefined) this.loop = change.loop;
    this.#command = command ?? this.#command;
  }

  /** The connection was replaced: stop, and forget earlier commands. */
  lost(nowMs: number) {
    this.#timeMs = this.at(nowMs);
    this.#updatedAt = nowMs;
    this.#command = 0;
    this.waiting = true;
  }

  /** Current time in milliseconds since the session started. */
  at(nowMs: number) {
    if (!this.playing || this.waiting) return this.#timeMs;
    const timeMs = this.#timeMs + Math.max(nowMs - this.#updatedAt, 0) * this.rate;
    const { loop } = this;
    if (loop && timeMs > loop.endMs && this.#timeMs <= loop.endMs) return loop.startMs + ((timeMs - loop.startMs) % Math.max(loop.endMs - loop.startMs, 1));
    return Math.min(timeMs, Math.max(this.endMs, this.#timeMs));
  }
}
