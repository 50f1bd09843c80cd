/** Counts sets with the device's counter: reads a set per JSON line of stdin, and writes a result per line. */

import { createInterface } from "node:readline";

import { DeviceCounter } from "../../../web/src/motion/device-counter.ts";

/** @param {string | null} text Base64 of little-endian 32-bit floats. */
function floats(text) {
  if (text === null) return null;
  const bytes = Buffer.from(text, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { definition, timesMs, image, world, aspectRatio } = JSON.parse(line);
  const [landmarks, metres] = [floats(image), floats(world)];
  const counter = new DeviceCounter(definition);
  let counted = { repetitions: 0, form: null, heldMs: 0 };
  const numbers = [];
  const forms = [];
  const fills = [];
  timesMs.forEach((timeMs, index) => {
    counted = counter.push({
      timeMs,
      landmarks: landmarks.subarray(132 * index, 132 * (index + 1)),
      world: metres && metres.subarray(99 * index, 99 * (index + 1)),
      aspectRatio,
    });
    fills.push(counted.fills);
    if (counted.event) {
      numbers.push(counted.event.number);
      forms.push(counted.event.form);
    }
  });
  const { repetitions, heldMs, form } = counted;
  process.stdout.write(`${JSON.stringify({ repetitions, heldMs, form, numbers, forms, fills, present: counted.present })}\n`);
}
