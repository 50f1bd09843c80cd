// A camera or a microphone that is no longer wanted when the browser has it goes off again.
import assert from "node:assert/strict";
import test from "node:test";

/** One that recognises speech as long as it is told to. */
class Recogniser {
  static starts = [];
  start() { Recogniser.starts.push(this); }
  abort() {}
}

globalThis.SpeechRecognition = Recogniser;
globalThis.AudioContext = class {
  createAnalyser() { return { fftSize: 32, getFloatTimeDomainData() {} }; }
  createMediaStreamSource() { return { connect() {} }; }
  async close() {}
};
globalThis.document = { getElementById: () => ({ textContent: "" }) };
globalThis.localStorage = { getItem: () => null };

/** Whoever asks for a picture or a sound gets it when it is let go. */
const asked = [];
Object.defineProperty(navigator, "mediaDevices", {
  value: { getUserMedia() { asked.push(Promise.withResolvers()); return asked.at(-1).promise; } },
});

const { Watcher } = await import("../../../web/src/coach/watcher.js");
const { Listener } = await import("../../../web/src/coach/voice-commands.js");

function stream() {
  const track = Object.assign(new EventTarget(), { isOn: true, stop() { track.isOn = false; } });
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

/** Somebody who listens. */
async function listening() {
  Recogniser.starts.length = 0;
  const listener = new Listener({});
  const started = listener.start();
  const microphone = stream();
  asked.at(-1).resolve(microphone);
  await started;
  return { listener, microphone, recogniser: Recogniser.starts[0] };
}

test("recognising that ends after a silence goes on at once, and after a failure a while later", async (context) => {
  const { listener, recogniser } = await listening();
  context.mock.timers.enable({ apis: ["setTimeout"] });
  recogniser.onerror({ error: "no-speech" });
  recogniser.onend();
  assert.equal(Recogniser.starts.length, 2);
  recogniser.onerror({ error: "network" });
  recogniser.onend();
  assert.equal(Recogniser.starts.length, 2);
  context.mock.timers.tick(3000);
  assert.equal(Recogniser.starts.length, 3);
  recogniser.onerror({ error: "network" });
  recogniser.onend();
  listener.stop();
  context.mock.timers.tick(3000);
  assert.equal(Recogniser.starts.length, 3);
});

for (const [taken, take] of [
  ["unplugged", ({ microphone }) => microphone.track.dispatchEvent(new Event("ended"))],
  ["withdrawn", ({ recogniser }) => recogniser.onerror({ error: "not-allowed" })],
]) {
  test(`a microphone that is ${taken} listens no more, and can be asked for again`, async () => {
    const { listener, microphone, recogniser } = await listening();
    take({ microphone, recogniser });
    recogniser.onend();
    assert.deepEqual([microphone.track.isOn, Recogniser.starts.length], [false, 1]);
    const again = listener.start();
    asked.at(-1).resolve(stream());
    await again;
    assert.equal(Recogniser.starts.length, 2);
    listener.stop();
  });
}
