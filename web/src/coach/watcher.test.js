// A camera or microphone that is released during its permission prompt is switched off again.
import assert from "node:assert/strict";
import test from "node:test";

/** Speech recognition that runs until it is stopped. */
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
globalThis.document = { documentElement: { lang: "en" }, getElementById: () => ({ textContent: "" }) };
globalThis.localStorage = { getItem: () => null };

/** Requests for a camera or microphone; a test resolves them. */
const requests = [];
Object.defineProperty(navigator, "mediaDevices", {
  value: { getUserMedia() { requests.push(Promise.withResolvers()); return requests.at(-1).promise; } },
});

const { Watcher } = await import("./watcher.ts");
const { Listener } = await import("./voice-commands.ts");

function stream() {
  const track = Object.assign(new EventTarget(), { isOn: true, stop() { track.isOn = false; } });
  return { track, getTracks: () => [track], getVideoTracks: () => [track] };
}

const watcher = () => new Watcher({ close() {}, open() {} }, {});

test("a camera released during the permission prompt is switched off when it opens", async () => {
  const watching = watcher();
  const opened = watching.open();
  watching.close();
  const lastStream = stream();
  requests.at(-1).resolve(lastStream);
  assert.equal(await opened, false);
  assert.deepEqual([lastStream.track.isOn, watching.isOn], [false, false]);
});

test("the refusal of a released camera is ignored", async () => {
  const watching = watcher();
  const opened = watching.open();
  watching.close();
  requests.at(-1).reject(new DOMException("no", "NotAllowedError"));
  assert.equal(await opened, false);
});

test("a camera requested twice is opened once", async () => {
  const watching = watcher();
  const first = watching.open();
  const early = requests.at(-1);
  const second = watching.open();
  const unwanted = stream();
  early.resolve(unwanted);
  assert.equal(await first, false);
  assert.equal(unwanted.track.isOn, false);
  watching.close();
  requests.at(-1).resolve(stream());
  assert.equal(await second, false);
});

test("a microphone released during the permission prompt is switched off when it opens", async () => {
  const listener = new Listener({});
  const started = listener.start();
  listener.stop();
  const lastStream = stream();
  requests.at(-1).resolve(lastStream);
  await started;
  assert.equal(lastStream.track.isOn, false);
});

/** Return a started listener with its microphone and its recognition. */
async function listening() {
  Recogniser.starts.length = 0;
  const listener = new Listener({});
  const started = listener.start();
  const microphone = stream();
  requests.at(-1).resolve(microphone);
  await started;
  return { listener, microphone, recogniser: Recogniser.starts[0] };
}

test("speech recognition restarts at once after silence, and later after a failure", async (context) => {
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

for (const [lang, spoken] of [["en", "en-US"], ["ru", "ru-RU"], ["es", "es-ES"], ["de", "en-US"]]) {
  test(`speech on a page in the language ${lang} is recognized as ${spoken}`, async () => {
    document.documentElement.lang = lang;
    const { listener, recogniser } = await listening();
    listener.stop();
    assert.equal(recogniser.lang, spoken);
  });
}

for (const [taken, take] of [
  ["unplugged", ({ microphone }) => microphone.track.dispatchEvent(new Event("ended"))],
  ["withdrawn", ({ recogniser }) => recogniser.onerror({ error: "not-allowed" })],
]) {
  test(`a microphone that is ${taken} stops, and can be requested again`, async () => {
    const { listener, microphone, recogniser } = await listening();
    take({ microphone, recogniser });
    recogniser.onend();
    assert.deepEqual([microphone.track.isOn, Recogniser.starts.length], [false, 1]);
    const again = listener.start();
    requests.at(-1).resolve(stream());
    await again;
    assert.equal(Recogniser.starts.length, 2);
    listener.stop();
  });
}
