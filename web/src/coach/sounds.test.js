// Sounds after an interruption, such as a call: those of the interruption are not made up for.
import assert from "node:assert/strict";
import { mock, test } from "node:test";

mock.timers.enable({ apis: ["Date"] });

/** Pitches of the sounds that were played, in Hz. @type {number[]} */
const pitches = [];
let interrupted = Promise.withResolvers();

globalThis.AudioContext = class {
  state = "running";
  currentTime = 0;
  resume() { return this.state === "running" ? Promise.resolve() : interrupted.promise.then(() => { this.state = "running"; }); }
  constructor() { globalThis.audio = this; }
  createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect() {} }; }
  createOscillator() {
    const frequency = { value: 0 };
    return { frequency, connect: (next) => next, start: () => pitches.push(frequency.value), stop() {} };
  }
};

const { tick, wakeSounds } = await import("./sounds.ts");

/** Play a sound while the audio is interrupted, which ends after a time. */
async function playedAfter(milliseconds) {
  pitches.length = 0;
  interrupted = Promise.withResolvers();
  globalThis.audio.state = "suspended";
  tick();
  mock.timers.tick(milliseconds);
  interrupted.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  return pitches;
}

wakeSounds();

test("a sound resumes the audio, and is played", async () => {
  assert.deepEqual(await playedAfter(50), [660]);
});

test("a sound of an interruption is not played after it, at once with all others", async () => {
  assert.deepEqual(await playedAfter(3000), []);
});
