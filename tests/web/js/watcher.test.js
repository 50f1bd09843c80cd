// A camera or a microphone that is no longer wanted when the browser has it goes off again.
import assert from "node:assert/strict";
import test from "node:test";

globalThis.SpeechRecognition = class {};
globalThis.localStorage = { getItem: () => null };

/** Whoever asks for a picture or a sound gets it when it is let go. */
const asked = [];
Object.defineProperty(navigator, "mediaDevices", {
  value: { getUserMedia() { asked.push(Promise.withResolvers()); return asked.at(-1).promise; } },
});

const { Watcher } = await import("../../../web/js/coach/watcher.js");
const { Listener } = await import("../../../web/js/coach/listening.js");

function stream() {
  const track = { isOn: true, stop() { track.isOn = false; }, addEventListener() {} };
  return { track, getTracks: () => [track], getVideoTracks: () => [track] };
}

const watcher = () => new Watcher({ close() {}, open() {} }, {});

test("a camera that was let go while the browser asked is switched off when it comes", async () => {
  const watching = watcher();
  const opened = watching.open();
  watching.close();
  const late = stream();
  asked.at(-1).resolve(late);
  assert.equal(await opened, false);
  assert.deepEqual([late.track.isOn, watching.isOn], [false, false]);
});

test("a refusal of a camera that nobody wants any more is none", async () => {
  const watching = watcher();
  const opened = watching.open();
  watching.close();
  asked.at(-1).reject(new DOMException("no", "NotAllowedError"));
  assert.equal(await opened, false);
});

test("asked for twice, a camera is open once", async () => {
  const watching = watcher();
  const first = watching.open();
  const early = asked.at(-1);
  const second = watching.open();
  const unwanted = stream();
  early.resolve(unwanted);
  assert.equal(await first, false);
  assert.equal(unwanted.track.isOn, false);
  watching.close();
  asked.at(-1).resolve(stream());
  assert.equal(await second, false);
});

test("a microphone that was let go while the browser asked is switched off when it comes", async () => {
  const listener = new Listener({});
  const started = listener.start();
  listener.stop();
  const late = stream();
  asked.at(-1).resolve(late);
  await started;
  assert.equal(late.track.isOn, false);
});
