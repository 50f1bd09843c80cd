/**
 * Synthesized sounds and vibration. Sounds and voice do not interrupt each other.
 * @module
 */

/** @type {AudioContext | null} */
let studio = null;

/** Unlock audio; browsers allow it only in a user gesture. */
export function wakeSounds() {
  if (typeof AudioContext === "undefined") return;
  studio ??= new AudioContext();
  void studio.resume();
}

/** @param {number} hertz @param {number} startS from now @param {number} lengthS */
function tone(hertz, startS, lengthS) {
  if (!studio) return;
  const at = studio.currentTime + startS;
  const loudness = studio.createGain();
  const source = studio.createOscillator();
  source.frequency.value = hertz;
  loudness.gain.setValueAtTime(0.0001, at);
  loudness.gain.exponentialRampToValueAtTime(0.3, at + 0.01);
  loudness.gain.exponentialRampToValueAtTime(0.0001, at + lengthS);
  source.connect(loudness).connect(studio.destination);
  source.start(at);
  source.stop(at + lengthS);
}

/** Signal a counted repetition. */
export function ding() {
  tone(1320, 0, 0.18);
}

/** Signal a second of the countdown. */
export function tick() {
  tone(660, 0, 0.12);
}

/** Signal a cue that no voice speaks. */
export function chime() {
  tone(440, 0, 0.16);
  tone(550, 0.16, 0.2);
}

/** Vibrate for a cue, if the device can; twice for an urgent one. @param {{urgent?: boolean}} cue */
export function buzz({ urgent = false }) {
  navigator.vibrate?.(urgent ? [150, 80, 150] : 80);
}

/** Signal the end of a rest. */
export function alarm() {
  for (const start of [0, 0.3, 0.6]) tone(880, start, 0.22);
  navigator.vibrate?.([200, 100, 200]);
}
