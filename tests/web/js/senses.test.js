// What a camera and motion sensors say of time and strength is believed only where it can be.
import assert from "node:assert/strict";
import test from "node:test";

const { openMotionSensors } = await import("../../../web/src/live/motion-sensors.js");
const { openPoseSource } = await import("../../../web/src/live/pose-source.js");

const DAY_MS = 86_400_000;

/** A worker that sees nobody. */
globalThis.Worker = class {
  postMessage(told) {
    const found = { landmarks: null, world: null, people: 0, tookMs: 1 };
    queueMicrotask(() => this.onmessage({ data: "modelUrl" in told ? { ready: true } : found }));
  }

  terminate() {}
};
globalThis.createImageBitmap = async () => ({});
globalThis.location = { href: "http://127.0.0.1/" };

/** When frames are told to have been taken, where the browser says so of their pictures. */
async function times(captured) {
  const told = [];
  const done = Promise.withResolvers();
  const video = {
    videoWidth: 4,
    videoHeight: 3,
    requestVideoFrameCallback(show) {
      if (!captured.length) done.resolve();
      else setTimeout(() => { const now = performance.now(); show(now, { captureTime: captured.shift()(now), presentedFrames: 1 }); }, 5);
    },
  };
  const source = openPoseSource(video, { modelUrl: "/model", onFrame: ({ timeMs }) => told.push(timeMs), onError: done.reject });
  await done.promise;
  source.stop();
  return told;
}

test("a picture was taken when the browser says so", async () => {
  const asked = [];
  const told = await times([(now) => asked.push(now - 20) && now - 20, (now) => asked.push(now - 1) && now - 1]);
  assert.deepEqual(told, asked);
});

test("a picture of another clock was taken now, and those after it follow", async () => {
  const began = performance.now();
  const told = await times([(now) => now + DAY_MS, (now) => now - DAY_MS, () => NaN, () => undefined, (now) => now - 1]);
  assert.equal(told.length, 5);
  for (const at of told) assert.ok(at >= began && at <= performance.now(), String(at));
  assert.deepEqual(told, told.toSorted((one, other) => one - other));
});

/** What sensors tell. */
async function felt(...events) {
  const samples = [];
  const device = new EventTarget();
  globalThis.addEventListener = device.addEventListener.bind(device);
  globalThis.removeEventListener = device.removeEventListener.bind(device);
  const sensors = await openMotionSensors((sample) => samples.push(sample));
  for (const event of events) {
    await new Promise((resolve) => { setTimeout(resolve, 45); });
    const moved = new Event("devicemotion");
    for (const [name, value] of Object.entries(event)) Object.defineProperty(moved, name, { value });
    device.dispatchEvent(moved);
  }
  sensors.stop();
  return samples;
}

const REST = { x: 0, y: 9.8, z: 0 };
const TURN = { alpha: 0, beta: 90, gamma: 0 };

test("what cannot have been felt is left out, so that no frames are refused with it", async () => {
  const samples = await felt(
    { accelerationIncludingGravity: REST, rotationRate: TURN },
    { accelerationIncludingGravity: { x: 1e6, y: 0, z: 0 }, rotationRate: TURN },
    { accelerationIncludingGravity: REST, rotationRate: { ...TURN, alpha: 1e6 } },
    { accelerationIncludingGravity: { x: NaN, y: 0, z: 0 }, rotationRate: null },
  );
  assert.deepEqual(samples.map(({ accelerometer, gyroscope }) => [accelerometer !== null, gyroscope !== null]), [[true, true], [false, true], [true, false]]);
});

test("a sample of another clock was felt now", async () => {
  const began = performance.now();
  const samples = await felt(...[Date.now(), -DAY_MS, began + DAY_MS].map((timeStamp) => ({ timeStamp, accelerationIncludingGravity: REST })));
  assert.equal(samples.length, 3);
  for (const { timeMs } of samples) assert.ok(timeMs >= began && timeMs <= performance.now(), String(timeMs));
});
