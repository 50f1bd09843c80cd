/**
 * Outbox of a session: stores entries in the queue and tracks how much is waiting.
 * @module
 */

import { encode, type Sample } from "./chunk-codec.ts";
import type { Frame } from "../motion/body.ts";
import type { Entry, SessionState } from "./queue.ts";
import type { SessionQueue } from "./memory-queue.ts";

const USUAL_ASPECT_RATIO = 4 / 3;

/** Maximum number of sensor samples per chunk; more are dropped. */
const MOST_SAMPLES = 2000;

/** Adds entries to the queue and reports the amount waiting. */
export class Outbox {
  #queue;
  #state;
  #callbacks;
  #entries = 0;
  #chunks = 0;
  #spanMs = 0;
  #samples: Sample[] = [];
  #isClosed = false;
  /** Whether the state has changed since it was stored. */
  #isTouched = false;
  /** Commands and ends of sets that could not be stored, in order; nothing is stored before them. */
  #unstored: Entry[] = [];
  #storing: Promise<void> | null = null;
  /** The entry that was kept last. */
  #latest: Promise<void> | null = null;

  /** @param callbacks `failed` also gets the entry that could not be stored; a failed `complete` has to be requested again */
  constructor(queue: SessionQueue, state: SessionState, callbacks: {kept(): void, changed(): void, failed(error: unknown, entry?: Entry): void}) {
    this.#queue = queue;
    this.#state = state;
    this.#callbacks = callbacks;
  }

  /** Count what is waiting from an earlier page. */
  async recount() {
    const { entries, chunks, spanMs } = await this.#queue.count(this.#state.sessionId);
    [this.#entries, this.#chunks, this.#spanMs] = [entries, chunks, spanMs];
    if (entries === 0) this.#state.isCompleting = false; // the command to complete was not stored, or its page was closed after the answer
  }

  /** Amount of data waiting to be sent. */
  get buffer() {
    return { seconds: this.#spanMs / 1000, chunks: this.#chunks, entries: this.#entries };
  }

  /** Store a sensor sample for the next chunk. */
  sense(sample: Sample) {
    if (sample.timeMs >= 0 && this.#samples.length < MOST_SAMPLES) this.#samples.push(sample);
  }

  /** Store a chunk of frames. @param last whether they end the set */
  chunk(frames: Frame[], last: boolean) {
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

  /** Store a command. @param path path below `/v1/sessions`, or a whole path */
  command(kind: "start" | "set" | "ask" | "complete", path: string, body: object) {
    const whole = path.startsWith("/v1/") ? path : `/v1/sessions${path}`;
    return this.#keep({ sessionId: this.#state.sessionId, kind, path: whole, key: crypto.randomUUID(), body });
  }

  /** Store the changed state: with an entry that follows at once, or by itself. */
  touch() {
    if (this.#isTouched || this.#isClosed) return;
    this.#isTouched = true;
    queueMicrotask(() => {
      if (this.#isTouched && !this.#isClosed) this.#queue.save(this.#state).catch((error) => this.#callbacks.failed(error));
      this.#isTouched = false;
    });
  }

  /** Store nothing more: another page took over. */
  close() {
    this.#isClosed = true;
  }

  /** Handle the delivery of an entry. */
  done(entry: Entry) {
    this.#count(entry, -1);
    this.storeAgain().catch(() => {}); // the failure was reported
  }

  /** Store what could not be stored before. Rejects if there is still no room. */
  storeAgain(): Promise<void> {
    this.#storing ??= this.#storeUnstored().finally(() => { this.#storing = null; });
    return this.#storing;
  }

  async #storeUnstored() {
    while (this.#unstored.length && !this.#isClosed) {
      await this.#append(this.#unstored[0]);
      this.#unstored.shift();
    }
  }

  async #keep(entry: Entry) {
    if (this.#isClosed) return;
    this.#isTouched = false;
    this.#latest = this.#store(entry, this.#latest);
    await this.#latest;
  }

  /** Store an entry. The end of the session waits for the one before: it may fit where that does not. */
  async #store(entry: Entry, before: Promise<void> | null) {
    try {
      if (entry.kind === "complete") await before;
      if (this.#unstored.length) await this.storeAgain();
      await this.#append(entry);
    } catch (error) {
      if (entry.kind !== "complete" && (entry.kind !== "chunk" || entry.last)) this.#unstored.push(entry);
      this.#callbacks.failed(error, entry);
    }
  }

  /** The state is stored with the entry in one transaction, including changes made just before. */
  async #append(entry: Entry) {
    await this.#queue.append(this.#state, entry);
    this.#count(entry, 1);
    this.#callbacks.kept();
  }

  #count(entry: Entry, sign: 1 | -1) {
    this.#entries += sign;
    if (entry.kind === "chunk") {
      this.#chunks += sign;
      this.#spanMs += sign * (entry.spanMs ?? 0);
    }
    this.#callbacks.changed();
  }
}
