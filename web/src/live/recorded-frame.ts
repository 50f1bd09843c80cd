/**
 * Frames of a recording as the server takes them.
 * @module
 */

import type { RecordedFrame } from "./recording-store.ts";

/** Maximum number of frames to keep while disconnected: ten minutes at 30 per second, 17 MB. */
export const MOST_WAITING = 18_000;

/** Maximum number of waiting frames with which pictures are still added: 20 seconds, 20 MB. */
export const MOST_PICTURES_WAITING = 600;

/** Maximum number of frames of a message. */
const MOST = 120;

/** Characters of a message, below the protocol's limit of 2 MiB, and of the landmarks of a frame in it. */
const MESSAGE_LENGTH = 1.5 * 1024 * 1024;
const LANDMARKS_LENGTH = 6 * 1024;

/** The first frames that fit in one message, at least one. */
export function forMessage(frames: RecordedFrame[]) {
  let length = 0;
  const end = frames.findIndex(({ image = "" }, at) => {
    length += image.length + LANDMARKS_LENGTH;
    return at === MOST || (at > 0 && length > MESSAGE_LENGTH);
  });
  return end < 0 ? frames : frames.slice(0, end);
}

/** Convert landmark numbers to rows. */
function rows(numbers: Float32Array | null, width: number): (number[] | null)[] | null {
  if (!numbers) return null;
  return Array.from({ length: numbers.length / width }, (_, at) => {
    const row = Array.from(numbers.subarray(width * at, width * (at + 1)));
    return row.every(Number.isFinite) ? row : null;
  });
}

/** Convert a frame to its form in a message. */
export function toMessage({ timeMs, landmarks, world, image }: RecordedFrame) {
  return { timeMs, landmarks: rows(landmarks, 4), worldLandmarks: rows(world, 3), ...(image && { image }) };
}

/** Encode bytes as Base64. */
export function base64(bytes: Uint8Array) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
