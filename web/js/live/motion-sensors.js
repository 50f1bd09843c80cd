/**
 * What a phone in a pocket or a watch-like browser feels: acceleration and turning (R-LIV-01, R-LIV-03).
 * @module
 */

/** @typedef {import("./compact.js").Sample} Sample */

/** Enough to follow a movement; browsers may give 60 a second and more. */
const EVERY_MS = 40;

const RADIANS = Math.PI / 180;

/**
 * Tell of the device's motion sensors; call it when somebody pressed a button, for some browsers ask
 * first. Where there are none, or they are refused, nothing is told.
 * @param {(sample: Sample) => void} onSample Times on the clock of `performance.now()`.
 * @returns {Promise<{stop(): void}>}
 */
export async function openMotionSensors(onSample) {
  const asks = /** @type {any} */ (globalThis.DeviceMotionEvent)?.requestPermission;
  if (asks && (await asks.call(DeviceMotionEvent).catch(() => "denied")) !== "granted") return { stop() {} };
  let beforeMs = -Infinity;
  /** @param {DeviceMotionEvent} event */
  const felt = ({ accelerationIncludingGravity, rotationRate, timeStamp }) => {
    const accelerometer = axes(accelerationIncludingGravity, "x", "y", "z", 1);
    const gyroscope = axes(rotationRate, "beta", "gamma", "alpha", RADIANS);
    if (timeStamp - beforeMs < EVERY_MS || (!accelerometer && !gyroscope)) return;
    beforeMs = timeStamp;
    onSample({ timeMs: timeStamp, accelerometer, gyroscope });
  };
  addEventListener("devicemotion", felt);
  return { stop: () => removeEventListener("devicemotion", felt) };
}

/** @param {any} told @param {string} x @param {string} y @param {string} z @param {number} unit @returns {[number, number, number] | null} */
function axes(told, x, y, z, unit) {
  const values = [told?.[x], told?.[y], told?.[z]];
  if (!values.every(Number.isFinite)) return null;
  return /** @type {[number, number, number]} */ (values.map((value) => value * unit));
}
