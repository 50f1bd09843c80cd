/**
 * Sounds made on the spot; none of them waits for a voice, and no voice cuts one off.
 * @module
 */

/** @type {AudioContext | null} */
let studio = null;

/** Wake the loudspeaker; browsers allow it only after a gesture. */
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

/** A repetition was counted. */
export function ding() {
  tone(1320, 0, 0.18);
}

/** A second of the countdown. */
export function tick() {
  tone(660, 0, 0.12);
}

/** A cue that no voice speaks. */
export function chime() {
  tone(440, 0, 0.16);
  tone(550, 0.16, 0.2);
}

/** A cue is felt, too, by who trains with a telephone that can; what may injure is felt twice. @param {{urgent?: boolean}} cue */
export function buzz({ urgent = false }) {
  navigator.vibrate?.(urgent ? [150, 80, 150] : 80);
}

/** The rest is over. */
export function alarm() {
  for (const start of [0, 0.3, 0.6]) tone(880, start, 0.22);
  navigator.vibrate?.([200, 100, 200]);
}
