// Times and strengths reported by cameras and motion sensors are used only if they are plausible.
import assert from "node:assert/strict";
import test from "node:test";

const { openMotionSensors } = await import("./motion-sensors.ts");
const { openPoseSource } = await import("./pose-source.ts");

const DAY_MS = 86_400_000;

/** A worker that detects nobody. */
globalThis.Worker = class {
  postMessage(timestamps) {
    const found = { landmarks: null, world: null, people: 0, tookMs: 1 };
    queueMicrotask(() => this.onmessage({ data: "modelUrl" in timestamps ? { ready: true } : found }));
  }

  terminate() {}
};
globalThis.createImageBitmap = async () => ({});
globalThis.location = { href: "http://127.0.0.1/" };

/** Return the timestamps of frames whose pictures have these capture times. */
async function times(captured) {
  const timestamps = [];
  const done = Promise.withResolvers();
  const video = {
    videoWidth: 4,
    videoHeight: 3,
    requestVideoFrameCallback(show) {
      if (!captured.length) done.resolve();
      else setTimeout(() => { const now = performance.now(); show(now, { captureTime: captured.shift()(now), presentedFrames: 1 }); }, 5);
    },
  };
  const source = openPoseSource(video, { modelUrl: "/model", onFrame: ({ timeMs }) => timestamps.push(timeMs), onError: done.reject });
  await done.promise;
  source.stop();
  return timestamps;
}

test("a picture has the time that the browser reports", async () => {
  const expected = [];
  const timestamps = await times([(now) => expected.push(now - 20) && now - 20, (now) => expected.push(now - 1) && now - 1]);
  assert.deepEqual(timestamps, expected);
});

test("a picture with another clock gets the current time, and later ones follow", async () => {
  const began = performance.now();
  const timestamps = await times([(now) => now + DAY_MS, (now) => now - DAY_MS, () => NaN, () => undefined, (now) => now - 1]);
  assert.equal(timestamps.length, 5);
  for (const at of timestamps) assert.ok(at >= began && at <= performance.now(), String(at));
  assert.deepEqual(timestamps, timestamps.toSorted((one, other) => one - other));
});

/** Return the samples of sensor events. */
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

test("impossible sensor samples are left out, so that frames are not refused", async () => {
  const samples = await felt(
    { accelerationIncludingGravity: REST, rotationRate: TURN },
    { accelerationIncludingGravity: { x: 1e6, y: 0, z: 0 }, rotationRate: TURN },
    { accelerationIncludingGravity: REST, rotationRate: { ...TURN, alpha: 1e6 } },
    { accelerationIncludingGravity: { x: NaN, y: 0, z: 0 }, rotationRate: null },
  );
  assert.deepEqual(samples.map(({ accelerometer, gyroscope }) => [accelerometer !== null, gyroscope !== null]), [[true, true], [false, true], [true, false]]);
});

test("a sample with another clock gets the current time", async () => {
  const began = performance.now();
  const samples = await felt(...[Date.now(), -DAY_MS, began + DAY_MS].map((timeStamp) => ({ timeStamp, accelerationIncludingGravity: REST })));
  assert.equal(samples.length, 3);
  for (const { timeMs } of samples) assert.ok(timeMs >= began && timeMs <= performance.now(), String(timeMs));
});
