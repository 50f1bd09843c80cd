/**
 * Motion sensors of the device: acceleration and rotation (R-LIV-01, R-LIV-03).
 * @module
 */

import type { Sample } from "./chunk-codec.ts";

/** Minimum interval of samples; browsers may provide 60 per second or more. */
const EVERY_MS = 40;

/** An event timestamp further away than this is from another clock. */
const OLDEST_MS = 1000;

/** Readings beyond these limits (m/s², rad/s) are errors, and the server would refuse the frames. */
const STRONGEST = { accelerometer: 400, gyroscope: 100 };

const RADIANS = Math.PI / 180;

/** Browsers that ask for permission have this function. */
type AskingEvent = typeof DeviceMotionEvent & {requestPermission?: () => Promise<string>};

/**
 * Listen to the motion sensors. Call it in a user gesture, because some browsers ask for permission.
 * Without sensors or permission, no samples are reported.
 * @param onSample times on the clock of `performance.now()`
 */
export async function openMotionSensors(onSample: (sample: Sample) => void): Promise<{stop(): void}> {
  const asks = (globalThis.DeviceMotionEvent as AskingEvent | undefined)?.requestPermission;
  if (asks && (await asks.call(DeviceMotionEvent).catch(() => "denied")) !== "granted") return { stop() {} };
  let beforeMs = -Infinity;
  const felt = ({ accelerationIncludingGravity, rotationRate, timeStamp }: DeviceMotionEvent) => {
    const { x, y, z } = accelerationIncludingGravity ?? {};
    const { beta, gamma, alpha } = rotationRate ?? {};
    const accelerometer = axes([x, y, z], 1, STRONGEST.accelerometer);
    const gyroscope = axes([beta, gamma, alpha], RADIANS, STRONGEST.gyroscope);
    const now = performance.now();
    const timeMs = Math.abs(now - timeStamp) < OLDEST_MS ? timeStamp : now;
    if (timeMs - beforeMs < EVERY_MS || (!accelerometer && !gyroscope)) return;
    beforeMs = timeMs;
    onSample({ timeMs, accelerometer, gyroscope });
  };
  addEventListener("devicemotion", felt);
  return { stop: () => removeEventListener("devicemotion", felt) };
}

function axes(values: (number | null | undefined)[], unit: number, strongest: number): [number, number, number] | null {
  const measured = values.map((value) => (value ?? NaN) * unit) as [number, number, number];
  return measured.every((value) => Math.abs(value) <= strongest) ? measured : null; // NaN is never within the limit
}
