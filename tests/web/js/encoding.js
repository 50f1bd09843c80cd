/** Encodes chunks in the compact format: reads a chunk per JSON line of stdin, and writes its bytes as base64. */

import { createInterface } from "node:readline";

import { encode, numbered } from "../../../web/src/live/chunk-codec.ts";

/** @param {(number | null)[] | null} values */
const floats = (values) => values && Float32Array.from(values, (value) => value ?? NaN);

for await (const line of createInterface({ input: process.stdin })) {
  const { sequence, ...chunk } = JSON.parse(line);
  const frames = chunk.frames.map(({ timeMs, landmarks, world, image }) => ({
    timeMs, landmarks: floats(landmarks), world: floats(world), image: image && Uint8Array.from(Buffer.from(image, "base64")),
  }));
  const bytes = numbered(encode({ ...chunk, sequence: 0, frames }), sequence);
  process.stdout.write(`${Buffer.from(bytes).toString("base64")}\n`);
}
