/**
 * Writes one recording to the browser's storage, in order, and holds its lock.
 * @module
 */

import { openRecordingStore } from "./recording-store.js";
import { storageProblem } from "./storage.js";

/** @typedef {import("./recording-store.js").Batch} Batch */
/** @typedef {import("./recording-store.js").Command} Command */
/** @typedef {import("./recording-store.js").RecordedFrame} RecordedFrame */
/** @typedef {import("./recording-store.js").RecordingState} RecordingState */

/** Prefix of the lock name, before the session ID. */
const LOCK = "kinelog-recording-";

/** What follows if the recording cannot be stored. */
const GOES_ON = "The recording continues. Leave this page open until it is saved.";

/** Recordings that could not be sent for this long are deleted: 90 days. */
const MAX_AGE_MS = 90 * 24 * 3600 * 1000;

/** A write that fails is reported once; the recording then continues in memory. */
export class RecordingLog {
  #key;
  #onProblem;
  /** The writes so far; the store, or null if there is none. @type {Promise<import("./recording-store.js").RecordingStore | null>} */
  #writes;
  /** Number of frames that were written. */
  #written = 0;
  /** @type {PromiseWithResolvers<void>} */
  #released = Promise.withResolvers();

  /** @param {import("./recording-store.js").RecordingKey} key @param {{written?: number, onProblem?: (problem: unknown) => void}} [options] `written`: number of frames that are stored already */
  constructor(key, { written = 0, onProblem = () => {} } = {}) {
    this.#key = key;
    this.#written = written;
    this.#onProblem = onProblem;
    this.#writes = openRecordingStore();
    this.hold();
  }

  /** Hold the lock, so that no other page sends the recording. */
  hold() {
    const released = (this.#released = Promise.withResolvers());
    void navigator.locks?.request(LOCK + this.#key.sessionId, () => released.promise);
  }

  /** Write the commands and the new frames. @param {Command[]} commands @param {RecordedFrame[]} frames waiting frames @param {number} first number of the first of them @param {number} end number after the last one to write */
  append(commands, frames, first, end) {
    const from = Math.max(this.#written, first);
    const batch = { sessionId: this.#key.sessionId, first: from, frames: frames.slice(from - first, Math.max(end - first, 0)) };
    this.#written = Math.max(this.#written, end);
    const state = { ...this.#key, commands: commands.map((each) => ({ ...each })) };
    this.#write((store) => store.put(state, batch));
  }

  /** Delete what the server has stored. @param {Command[]} commands that are left @param {number} count of stored frames */
  trim(commands, count) {
    const state = { ...this.#key, commands: commands.map((each) => ({ ...each })) };
    this.#write(async (store) => { await store.put(state); await store.trim(state.sessionId, count); });
  }

  /** The server has everything: delete the recording, and release the lock. */
  end() {
    this.#write((store) => store.forget(this.#key.sessionId));
    this.release();
  }

  /** Release the lock, so that another page can send the rest. */
  release() {
    void this.#writes.then(() => this.#released.resolve());
  }

  /** @param {(store: import("./recording-store.js").RecordingStore) => Promise<void>} work */
  #write(work) {
    this.#writes = this.#writes.then(async (store) => {
      if (store) await work(store);
      return store;
    }).catch((error) => { this.#onProblem(storageProblem(error, GOES_ON)); return null; });
  }
}

/** Recordings of an athlete that no page has open, with their batches. @param {string} athleteId @returns {Promise<{state: RecordingState, batches: Batch[]}[]>} */
export async function leftRecordings(athleteId) {
  const store = await openRecordingStore();
  if (!store) return [];
  const isOpen = await openRecordings();
  const left = (await store.recordings()).filter((each) => each.athleteId === athleteId && !isOpen(each));
  return Promise.all(left.map(async (state) => ({ state, batches: await store.batches(state.sessionId) })));
}

/** Delete the recordings, of anyone, that could not be sent for 90 days. @param {number} [now] @returns {Promise<RecordingState[]>} what was deleted */
export async function deleteOldRecordings(now = Date.now()) {
  const store = await openRecordingStore();
  if (!store) return [];
  const isOpen = await openRecordings();
  const old = (await store.recordings()).filter((each) => now - each.startedAt > MAX_AGE_MS && !isOpen(each));
  for (const { sessionId } of old) await store.forget(sessionId);
  return old;
}

/** Whether a page has a recording open. @returns {Promise<(state: RecordingState) => boolean>} */
async function openRecordings() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const names = new Set(held.map(({ name }) => name));
  return ({ sessionId }) => names.has(LOCK + sessionId);
}
