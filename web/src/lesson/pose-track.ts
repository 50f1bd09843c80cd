/**
 * Trainer's poses of a video: files of a minute each, in the format of `application/content/pose_track.py`.
 * @module
 */

import { answer, Problem, received } from "../api/client.ts";
import { figureOf, type Figure } from "../ghost/figure.ts";
import { COUNT } from "../motion/landmarks.ts";
import type { World } from "../ghost/space.ts";

const MAGIC = 0x3154504b; // "KPT1", little-endian
const HEADER_BYTES = 12;
const UNITS = 8192;
const UNKNOWN = -32768;

/** Numbers per landmark: x, y, z and visibility in the picture; x, y, z in meters in space. */
const IMAGE = 4;
const WORLD = 3;

/** A pose that is further away in time is another one. */
const NEAR_MS = 150;

type Piece = {timesMs: Uint32Array, aspect: number, image: Int16Array, world: Int16Array};

/** Read a file. */
export function pieceOf(content: ArrayBuffer): Piece {
  const header = new DataView(content);
  const frames = content.byteLength < HEADER_BYTES ? 0 : header.getUint32(4, true);
  const size = HEADER_BYTES + frames * (4 + 2 * COUNT * (IMAGE + WORLD));
  if (content.byteLength !== size || header.getUint32(0, true) !== MAGIC) throw new Problem({ title: "These bytes are not a pose track." });
  const imageAt = HEADER_BYTES + 4 * frames;
  return {
    timesMs: new Uint32Array(content, HEADER_BYTES, frames), aspect: header.getFloat32(8, true),
    image: new Int16Array(content, imageAt, frames * COUNT * IMAGE),
    world: new Int16Array(content, imageAt + 2 * frames * COUNT * IMAGE, frames * COUNT * WORLD),
  };
}

/** @param width numbers per landmark */
function unpacked(stored: Int16Array, frame: number, width: number): Float32Array {
  const size = COUNT * width;
  return Float32Array.from(stored.subarray(frame * size, (frame + 1) * size), (each) => (each === UNKNOWN ? NaN : each / UNITS));
}

/** Index of the frame nearest to a time; -1 if none is near. @param timesMs in order */
function nearest(timesMs: Uint32Array, timeMs: number) {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timesMs[middle] < timeMs) low = middle + 1;
    else high = middle;
  }
  const distance = (at: number) => Math.abs((timesMs[at] ?? Infinity) - timeMs);
  const best = distance(low - 1) <= distance(low) ? low - 1 : low;
  return distance(best) <= NEAR_MS ? best : -1;
}

/** The poses of one video; a minute is loaded when it is needed. */
export class PoseTrack {
  #urls;
  #pieceS;
  #pieces: Map<number, Piece> = new Map();
  #loading: Map<number, Promise<void>> = new Map();

  constructor(urls: readonly string[], pieceS: number) {
    this.#urls = urls;
    this.#pieceS = pieceS;
  }

  /** Load the poses of a time range. @throws {Problem} */
  async load(startS: number, endS: number) {
    const last = Math.min(Math.floor(endS / this.#pieceS), this.#urls.length - 1);
    const wanted = [];
    for (let each = Math.floor(startS / this.#pieceS); each <= last; each += 1) wanted.push(this.#load(each));
    await Promise.all(wanted);
  }

  #load(number: number): Promise<void> {
    const loading = this.#loading.get(number) ?? answer(this.#urls[number], undefined, fetch.bind(window))
      .then((response) => received(response.arrayBuffer()))
      .then((content) => { this.#pieces.set(number, pieceOf(content)); })
      .catch((error) => { this.#loading.delete(number); throw error; });
    this.#loading.set(number, loading);
    return loading;
  }

  /** The trainer's body in the picture. @returns 33 × (x, y, z, visibility); null if nobody was seen, or it is not loaded */
  landmarksAt(timeS: number): {landmarks: Float32Array, aspect: number} | null {
    const found = this.#find(timeS);
    if (!found) return null;
    const landmarks = unpacked(found.piece.image, found.frame, IMAGE);
    return landmarks.every(Number.isNaN) ? null : { landmarks, aspect: found.piece.aspect };
  }

  figureAt(timeS: number): Figure | null {
    const found = this.landmarksAt(timeS);
    return found && figureOf(found.landmarks, found.aspect);
  }

  worldAt(timeS: number): World | null {
    const found = this.#find(timeS);
    if (!found) return null;
    const world = unpacked(found.piece.world, found.frame, WORLD);
    return world.some(Number.isNaN) ? null : world;
  }

  #find(timeS: number) {
    const piece = this.#pieces.get(Math.floor(timeS / this.#pieceS));
    const frame = piece ? nearest(piece.timesMs, 1000 * timeS) : -1;
    return piece && frame >= 0 ? { piece, frame } : null;
  }
}
