/**
 * Binary codec of frame chunks: version 1 of the layout in `docs/how-to/stream.md`.
 *
 * It writes the same bytes as `application/live/chunk_codec.py`; `tests/web/test_javascript.py` compares the two.
 * @module
 */

import { COUNT } from "../motion/landmarks.ts";
import { roundHalfEven } from "../motion/sampling.ts";
import type { Frame } from "../motion/body.ts";

export interface Sample {
  timeMs: number;
  accelerometer?: [number, number, number] | null;
  gyroscope?: [number, number, number] | null;
  heartRateBpm?: number | null;
}
/** `image`: picture of the frame, a JPEG */
export type PicturedFrame = Frame & {image?: Uint8Array | null};
interface Chunk {
  sessionId: string;
  set: number;
  sequence: number;
  exercise: string;
  model: string;
  aspectRatio: number;
  last: boolean;
  /** times since the start of the session */
  frames: PicturedFrame[];
  sensors?: Sample[];
}

export const MEDIA_TYPE = "application/vnd.kinelog.frames";

const HEADER_BYTES = 30;
const SEQUENCE_AT = 10;
const FLAGS_AT = 4;
const LENGTHS_AT = 5;
const FRAMES_AT = 14;
const SAMPLES_AT = 16;
const SAMPLE_BYTES = 36;
const LAST = 1;
const WORLD = 2;
const PICTURES = 4;
const COUNT_BYTES = 2;
const PICTURE_BYTES = 6;
const USUAL_RANGE = 4;
/** The server rejects landmarks further away. */
const FURTHEST = 100;
const FULL = 32767;
const ABSENT = -32768;

export function encode(chunk: Chunk): Uint8Array {
  const { frames, sensors = [] } = chunk;
  const names = [chunk.sessionId, chunk.exercise, chunk.model].map((name) => new TextEncoder().encode(name));
  const hasWorld = frames.some((frame) => frame.world);
  const numbers = frames.length * COUNT * (hasWorld ? 7 : 4);
  const text = names.reduce((sum, name) => sum + name.length, 0);
  const pictures = frames.flatMap(({ image }, at) => (image ? [{ at, image }] : []));
  const shown = pictures.reduce((sum, { image }) => sum + PICTURE_BYTES + image.length, pictures.length ? COUNT_BYTES : 0);
  const writer = new Writer(HEADER_BYTES + text + 8 * frames.length + 2 * numbers + SAMPLE_BYTES * sensors.length + shown);
  const range = rangeOf(frames);
  for (const letter of "KLF1") writer.u8(letter.charCodeAt(0));
  writer.u8((chunk.last ? LAST : 0) + (hasWorld ? WORLD : 0) + (pictures.length ? PICTURES : 0));
  for (const name of names) writer.u8(name.length);
  writer.u16(chunk.set);
  writer.u32(chunk.sequence);
  writer.u16(frames.length);
  writer.u16(sensors.length);
  writer.f64(chunk.aspectRatio);
  writer.f32(range);
  for (const name of names) for (const byte of name) writer.u8(byte);
  for (const frame of frames) writer.f64(frame.timeMs / 1000);
  for (const frame of frames) writeImage(writer, frame.landmarks, range);
  if (hasWorld) for (const frame of frames) writeWorld(writer, frame.world ?? null, range);
  for (const sample of sensors) writeSample(writer, sample);
  if (pictures.length) writer.u16(pictures.length);
  for (const { at, image } of pictures) {
    writer.u16(at);
    writer.u32(image.length);
    writer.all(image);
  }
  return writer.bytes;
}

/** Size of a chunk's header with its names. */
function headBytes(view: DataView) {
  return [0, 1, 2].reduce((sum, at) => sum + view.getUint8(LENGTHS_AT + at), HEADER_BYTES);
}

/** Copy a chunk without its pictures, which are at its end. */
export function withoutPictures(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint8(FLAGS_AT);
  if (!(flags & PICTURES)) return bytes;
  const numbers = COUNT * (flags & WORLD ? 7 : 4);
  const [frames, samples] = [view.getUint16(FRAMES_AT, true), view.getUint16(SAMPLES_AT, true)];
  const copy = bytes.slice(0, headBytes(view) + frames * (8 + 2 * numbers) + SAMPLE_BYTES * samples);
  copy[FLAGS_AT] = flags & ~PICTURES;
  return copy;
}

/** Reduce the last chunk of a set to the end of the set; null if it contains nothing else. */
export function onlyTheEnd(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!view.getUint16(FRAMES_AT, true) && !view.getUint16(SAMPLES_AT, true)) return null;
  const copy = bytes.slice(0, headBytes(view));
  copy[FLAGS_AT] = LAST;
  copy.fill(0, FRAMES_AT, SAMPLES_AT + 2);
  return copy;
}

/** Copy a chunk with another sequence number, which is assigned when it is sent. */
export function numbered(bytes: Uint8Array, sequence: number) {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(SEQUENCE_AT, sequence, true);
  return copy;
}

/** The default range, doubled until it covers all coordinates. */
function rangeOf(frames: Frame[]) {
  let furthest = 0;
  for (const { landmarks, world } of frames) {
    landmarks?.forEach((value, index) => {
      if (index % 4 !== 3 && Math.abs(value) > furthest) furthest = Math.abs(value);
    });
    world?.forEach((value) => {
      if (Math.abs(value) > furthest) furthest = Math.abs(value);
    });
  }
  let range = USUAL_RANGE;
  while (range < Math.min(furthest, FURTHEST)) range = Math.min(2 * range, FURTHEST);
  return range;
}

function writeImage(writer: Writer, image: Float32Array | null, range: number) {
  for (let index = 0; index < 4 * COUNT; index += 1) {
    const value = image ? image[index] : NaN;
    writer.i16(share(index % 4 === 3 ? value : Math.fround(value / range)));
  }
}

function writeWorld(writer: Writer, world: Float32Array | null, range: number) {
  for (let index = 0; index < 3 * COUNT; index += 1) writer.i16(share(world ? Math.fround(world[index] / range) : NaN));
}

/** Encode a share as an integer, in single precision like the server. */
function share(value: number) {
  if (Number.isNaN(value)) return ABSENT;
  return roundHalfEven(Math.fround(Math.min(Math.max(value, -1), 1) * FULL));
}

function writeSample(writer: Writer, { timeMs, accelerometer, gyroscope, heartRateBpm }: Sample) {
  writer.f64(timeMs / 1000);
  const readings = [...(accelerometer ?? [NaN, NaN, NaN]), ...(gyroscope ?? [NaN, NaN, NaN]), heartRateBpm ?? NaN];
  for (const reading of readings) writer.f32(reading);
}

/** Little-endian byte writer. */
class Writer {
  bytes: Uint8Array<ArrayBuffer>;

  #view;
  #at = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  all(bytes: Uint8Array) { this.bytes.set(bytes, this.#step(bytes.length)); }

  u8(value: number) { this.#view.setUint8(this.#step(1), value); }

  u16(value: number) { this.#view.setUint16(this.#step(2), value, true); }

  i16(value: number) { this.#view.setInt16(this.#step(2), value, true); }

  u32(value: number) { this.#view.setUint32(this.#step(4), value, true); }

  f32(value: number) { this.#view.setFloat32(this.#step(4), value, true); }

  f64(value: number) { this.#view.setFloat64(this.#step(8), value, true); }

  #step(size: number) {
    this.#at += size;
    return this.#at - size;
  }
}
