/**
 * Synthesized sounds and vibration. Sounds and voice do not interrupt each other.
 * @module
 */

/** Longest delay of a sound, in milliseconds. Those of an interruption would be played at once after it. */
const LATEST_MS = 500;

let audio: AudioContext | null = null;

/** Unlock audio; browsers allow it only in a user gesture. */
export function wakeSounds() {
  if (typeof AudioContext === "undefined") return;
  audio ??= new AudioContext();
  void audio.resume();
}

/** @param startS from now */
function tone(hertz: number, startS: number, lengthS: number) {
  if (!audio) return;
  const context = audio, called = Date.now();
  if (context.state === "running") play(context, hertz, startS, lengthS);
  else context.resume().then(() => { if (Date.now() - called < LATEST_MS) play(context, hertz, startS, lengthS); }, () => {}); // it stays suspended after a call or a locked screen
}

function play(context: AudioContext, hertz: number, startS: number, lengthS: number) {
  const at = context.currentTime + startS;
  const loudness = context.createGain();
  const source = context.createOscillator();
  source.frequency.value = hertz;
  loudness.gain.setValueAtTime(0.0001, at);
  loudness.gain.exponentialRampToValueAtTime(0.3, at + 0.01);
  loudness.gain.exponentialRampToValueAtTime(0.0001, at + lengthS);
  source.connect(loudness).connect(context.destination);
  source.start(at);
  source.stop(at + lengthS);
}

/** Signal a counted repetition; the one that reaches the goal has a sound of its own. */
export function ding(repetitions: number, goal: number | null) {
  if (repetitions === goal) cheer();
  else tone(1320, 0, 0.18);
}

/** Signal that the goal of a set is reached. */
export function cheer() {
  for (const [place, hertz] of [660, 880, 1100].entries()) tone(hertz, 0.12 * place, 0.2);
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

/** Vibrate for a cue, if the device can; twice for an urgent one. */
export function buzz({ urgent = false }: {urgent?: boolean}) {
  navigator.vibrate?.(urgent ? [150, 80, 150] : 80);
}

/** Signal the end of a rest. */
export function alarm() {
  for (const start of [0, 0.3, 0.6]) tone(880, start, 0.22);
  navigator.vibrate?.([200, 100, 200]);
}
