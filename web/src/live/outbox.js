/**
 * What is said to the server of one session is kept first, and counted while it waits.
 * @module
 */

import { encode } from "./chunk-codec.js";

/** @typedef {import("../motion/body.js").Frame} Frame */
/** @typedef {import("./chunk-codec.js").Sample} Sample */
/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {import("./queue.js").SessionState} SessionState */

const USUAL_ASPECT_RATIO = 4 / 3;

/** More samples of sensors than a chunk may have are not kept. */
const MOST_SAMPLES = 2000;

/** Puts entries into the queue, and tells how many chunks wait. */
export class Outbox {
  #queue;
  #state;
  #told;
  #chunks = 0;
  #spanMs = 0;
  /** @type {Sample[]} */
  #samples = [];
  #isClosed = false;

  /** @param {any} queue @param {SessionState} state @param {{kept(): void, changed(): void, failed(error: unknown): void}} told */
  constructor(queue, state, told) {
    this.#queue = queue;
    this.#state = state;
    this.#told = told;
  }

  /** Look at what waits since an earlier time. */
  async recount() {
    const { chunks, spanMs } = await this.#queue.count(this.#state.sessionId);
    [this.#chunks, this.#spanMs] = [chunks, spanMs];
  }

  /** What waits to be sent. */
  get buffer() {
    return { seconds: this.#spanMs / 1000, chunks: this.#chunks };
  }

  /** Keep what was felt for the next chunk. @param {Sample} sample */
  sense(sample) {
    if (sample.timeMs >= 0 && this.#samples.length < MOST_SAMPLES) this.#samples.push(sample);
  }

  /** Keep the frames since the last chunk. @param {Frame[]} frames @param {boolean} last Whether they end the set. */
  chunk(frames, last) {
    const state = this.#state;
    const aspectRatio = frames.at(0)?.aspectRatio ?? USUAL_ASPECT_RATIO;
    const { sessionId, set, exercise, model } = state;
    const sensors = this.#samples.splice(0);
    const bytes = encode({ sessionId, set, sequence: 0, exercise, model, aspectRatio, last, frames, sensors });
    const [fromMs, toMs] = [frames.at(0)?.timeMs ?? state.lastMs, frames.at(-1)?.timeMs ?? state.lastMs];
    state.lastMs = toMs;
    state.frames += frames.length;
    state.framesWithPose += frames.filter((frame) => frame.landmarks).length;
    return this.#keep({ sessionId, kind: "chunk", bytes, spanMs: toMs - fromMs, last });
  }

  /** Keep a command. @param {"start" | "set" | "ask" | "complete"} kind @param {string} path Behind `/v1/sessions`, or all of it. @param {object} body */
  command(kind, path, body) {
    const whole = path.startsWith("/v1/") ? path : `/v1/sessions${path}`;
    return this.#keep({ sessionId: this.#state.sessionId, kind, path: whole, key: crypto.randomUUID(), body });
  }

  /** Keep nothing from now on: another page does. */
  close() {
    this.#isClosed = true;
  }

  /** An entry waits no more. @param {Entry} entry */
  done(entry) {
    this.#count(entry, -1);
  }

  /** The state is written with the entry: what was changed of it just before is kept with it, or not. @param {Entry} entry */
  async #keep(entry) {
    if (this.#isClosed) return;
    try {
      await this.#queue.append(this.#state, entry);
    } catch (error) {
      this.#told.failed(error);
      return;
    }
    this.#count(entry, 1);
    this.#told.kept();
  }

  /** @param {Entry} entry @param {1 | -1} sign */
  #count(entry, sign) {
    if (entry.kind !== "chunk") return;
    this.#chunks += sign;
    this.#spanMs += sign * (entry.spanMs ?? 0);
    this.#told.changed();
  }
}
