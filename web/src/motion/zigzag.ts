/**
 * Finds the extremes of the effort: a repetition goes out to an extreme and comes back.
 *
 * As in `domain/motion/counting/turning_points.py`: an extreme is accepted once the movement has come back by a share of
 * the athlete's recent range, and at least by the exercise's minimum movement.
 * @module
 */

/** Time constant for forgetting a range that is not reached again: a few slow repetitions. */
const MEMORY_S = 30;

/** A return is nearly over when its speed falls below this share of its maximum. */
const SLOW = 0.2;

/** A slow return that came back this far has reached rest; before that it may be a sticking point. */
const REGAINED = 0.75;

/** A return that stays slow for this long is over, wherever it is. */
const STANDSTILL_S = 0.15;

/** Follows the effort from extreme to extreme. */
export class Zigzag {
  #counting;
  /** 1 towards the extreme, -1 back to rest, 0 unknown. */
  direction: -1 | 0 | 1 = 0;
  high = 0;
  highS = 0;
  low = 0;
  lowS = 0;
  /** Range of the athlete's movement in effort units. */
  reach = 0;
  /** Whether the current return was reported already. */
  closed = true;
  /** The latest time, its effort, and the effort before it. */
  last: {timeS: number, effort: number, before: number} | null = null;
  /** Start of the last return. */
  peakS = 0;
  #out = 0;
  #fastest = 0;
  #slowSinceS: number | null = null;

  constructor(counting: {leastSwing: number, adaptiveShare: number}) {
    this.#counting = counting;
  }

  /** Process the next value; return whether a return was completed. */
  step(timeS: number, effort: number) {
    const last = this.last;
    if (!last) {
      [this.high, this.low, this.highS, this.lowS] = [effort, effort, timeS, timeS];
      this.last = { timeS, effort, before: effort };
      return false;
    }
    this.last = { timeS, effort, before: last.effort };
    this.reach *= Math.exp((last.timeS - timeS) / MEMORY_S);
    const believed = Math.max(this.#counting.leastSwing, this.#counting.adaptiveShare * this.reach);
    if (this.direction === 1) return this.#goingOut(timeS, effort, believed);
    if (this.direction === -1) return this.#comingBack(timeS, effort, last.before - effort, believed);
    return this.#unmeasured(timeS, effort, believed);
  }

  #unmeasured(timeS: number, effort: number, believed: number) {
    if (effort > this.high) [this.high, this.highS] = [effort, timeS];
    if (effort < this.low) [this.low, this.lowS] = [effort, timeS];
    if (effort - this.low >= believed) this.#turnOut(timeS, effort);
    else if (this.high - effort >= believed) this.#turnBack(timeS, effort);
    return false;
  }

  #goingOut(timeS: number, effort: number, believed: number) {
    if (effort > this.high) {
      [this.high, this.highS] = [effort, timeS];
      this.#reached();
    } else if (this.high - effort >= believed) {
      this.#turnBack(timeS, effort);
    }
    return false;
  }

  #comingBack(timeS: number, effort: number, fall: number, believed: number) {
    if (effort < this.low) {
      [this.low, this.lowS] = [effort, timeS];
      this.#reached();
    }
    if (effort - this.low >= believed) {
      const returned = !this.closed;
      this.#turnOut(timeS, effort);
      return returned;
    }
    if (this.closed || !this.#isOver(timeS, fall)) return false;
    this.closed = true;
    return true;
  }

  #isOver(timeS: number, fall: number) {
    this.#fastest = Math.max(this.#fastest, fall);
    if (fall >= SLOW * this.#fastest) {
      this.#slowSinceS = null;
      return false;
    }
    this.#slowSinceS ??= timeS;
    return this.high - this.low >= REGAINED * this.#out || timeS - this.#slowSinceS >= STANDSTILL_S;
  }

  #turnOut(timeS: number, effort: number) {
    [this.direction, this.closed] = [1, true];
    [this.high, this.highS] = [effort, timeS];
    this.#reached();
  }

  #turnBack(timeS: number, effort: number) {
    this.#out = this.direction === 1 ? this.high - this.low : 0;
    [this.peakS, this.#fastest, this.#slowSinceS] = [this.highS, 0, null];
    [this.direction, this.closed] = [-1, false];
    [this.low, this.lowS] = [effort, timeS];
    this.#reached();
  }

  #reached() {
    this.reach = Math.max(this.reach, this.high - this.low);
  }
}
