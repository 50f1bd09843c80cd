/**
 * Whether somebody speaks, by how much louder it is than the room.
 *
 * The room's own noise is followed downwards at once and upwards slowly, so that a fan that is
 * switched on is no voice for long. Loudness is the root of the mean square, 0..1.
 * @module
 */

/** A voice is at least so many times as loud as the room (9.5 dB). */
const LOUDER = 3;

/** Below this nothing is a voice: the noise of a microphone alone. */
const LEAST = 0.01;

/** A voice that pauses between two words still speaks. */
const PAUSE_MS = 600;

/** What is recognised comes up to this long after it was said. */
const ANSWER_MS = 2500;

/** How fast the room is believed to have become louder, each second. */
const RISE = 1.5;

/** Listens to how loud it is. */
export class VoiceActivity {
  #room = LEAST / LOUDER;
  #beforeMs = 0;
  #spokeMs = -Infinity;

  /** @param {number} loudness 0..1 @param {number} timeMs @returns {boolean} whether somebody speaks */
  hear(loudness, timeMs) {
    const passedS = Math.min(1, Math.max(0, timeMs - this.#beforeMs) / 1000);
    this.#beforeMs = timeMs;
    if (loudness > Math.max(LEAST, LOUDER * this.#room)) this.#spokeMs = timeMs;
    this.#room = Math.max(1e-4, Math.min(loudness, this.#room * RISE ** passedS));
    return timeMs - this.#spokeMs <= PAUSE_MS;
  }

  /** Whether words that are recognised now can have been said to this microphone. @param {number} timeMs */
  spokeLately(timeMs) {
    return timeMs - this.#spokeMs <= ANSWER_MS;
  }
}
