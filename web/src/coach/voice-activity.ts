/**
 * Voice activity detection: speech is louder than the room.
 *
 * The noise level of the room is tracked downwards at once and upwards slowly, so that a fan that is
 * switched on does not count as a voice for long. Loudness is the root mean square, 0..1.
 * @module
 */

/** Speech is at least this many times as loud as the room (9.5 dB). */
const LOUDER = 3;

/** Noise floor of a microphone; nothing below it is speech. */
const LEAST = 0.01;

/** Pauses between words up to this length belong to speech. */
const PAUSE_MS = 600;

/** Recognition results may arrive this long after the speech. */
const ANSWER_MS = 2500;

/** Factor per second by which the noise level may rise. */
const RISE = 1.5;

/** Detects speech from loudness samples. */
export class VoiceActivity {
  #room = LEAST / LOUDER;
  #beforeMs = 0;
  #spokeMs = -Infinity;

  /** @param loudness 0..1 @returns whether someone is speaking */
  hear(loudness: number, timeMs: number): boolean {
    const passedS = Math.min(1, Math.max(0, timeMs - this.#beforeMs) / 1000);
    this.#beforeMs = timeMs;
    if (loudness > Math.max(LEAST, LOUDER * this.#room)) this.#spokeMs = timeMs;
    this.#room = Math.max(1e-4, Math.min(loudness, this.#room * RISE ** passedS));
    return timeMs - this.#spokeMs <= PAUSE_MS;
  }

  /** Whether a recognition result that arrives now can be from this microphone. */
  spokeLately(timeMs: number) {
    return timeMs - this.#spokeMs <= ANSWER_MS;
  }
}
