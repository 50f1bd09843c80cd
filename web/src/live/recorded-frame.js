/**
 * Frames of a recording as the server takes them.
 * @module
 */

/** Convert landmark numbers to rows. @param {Float32Array | null} numbers @param {number} width @returns {(number[] | null)[] | null} */
function rows(numbers, width) {
  if (!numbers) return null;
  return Array.from({ length: numbers.length / width }, (_, at) => {
    const row = Array.from(numbers.subarray(width * at, width * (at + 1)));
    return row.every(Number.isFinite) ? row : null;
  });
}

/** Convert a frame to its form in a message. @param {import("./recording-store.js").RecordedFrame} frame */
export function toMessage({ timeMs, landmarks, world, image }) {
  return { timeMs, landmarks: rows(landmarks, 4), worldLandmarks: rows(world, 3), ...(image && { image }) };
}

/** Encode bytes as Base64. @param {Uint8Array} bytes */
export function base64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
