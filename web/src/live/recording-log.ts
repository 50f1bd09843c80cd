/**
 * Writes one recording to the browser's storage, in order, and holds its lock.
 * @module
 */

import { openRecordingStore, type Batch, type Command, type RecordedFrame, type RecordingKey, type RecordingState, type RecordingStore } from "./recording-store.ts";
import { storageProblem } from "./storage.ts";

/** Prefix of the lock name, before the session ID. */
const LOCK = "kinelog-recording-";

/** Recordings that could not be sent for this long are deleted: 90 days. */
const MAX_AGE_MS = 90 * 24 * 3600 * 1000;

/** A write that fails is reported once; the recording then continues in memory. */
export class RecordingLog {
  #key;
  #onProblem;
  /** The writes so far; the store, or null if there is none. */
  #writes: Promise<RecordingStore | null>;
  /** Number of frames that were written. */
  #written = 0;
  #released: PromiseWithResolvers<void> = Promise.withResolvers();

  /** @param options `written`: number of frames that are stored already */
  constructor(key: RecordingKey, { written = 0, onProblem = () => {} }: {written?: number, onProblem?: (problem: unknown) => void} = {}) {
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

  /** Write the commands and the new frames. @param frames waiting frames @param first number of the first of them @param end number after the last one to write */
  append(commands: Command[], frames: RecordedFrame[], first: number, end: number) {
    const from = Math.max(this.#written, first);
    const batch = { sessionId: this.#key.sessionId, first: from, frames: frames.slice(from - first, Math.max(end - first, 0)) };
    this.#written = Math.max(this.#written, end);
    const state = { ...this.#key, commands: commands.map((each) => ({ ...each })) };
    this.#write((store) => store.put(state, batch));
  }

  /** Delete what the server has stored. @param commands that are left @param count of stored frames */
  trim(commands: Command[], count: number) {
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

  #write(work: (store: RecordingStore) => Promise<void>) {
    this.#writes = this.#writes.then(async (store) => {
      if (store) await work(store);
      return store;
    }).catch((error) => { this.#onProblem(storageProblem(error, "recording")); return null; });
  }
}

/** Recordings of an athlete that no page has open, with their batches. */
export async function leftRecordings(athleteId: string): Promise<{state: RecordingState, batches: Batch[]}[]> {
  const store = await openRecordingStore();
  if (!store) return [];
  const isOpen = await openRecordings();
  const left = (await store.recordings()).filter((each) => each.athleteId === athleteId && !isOpen(each));
  return Promise.all(left.map(async (state) => ({ state, batches: await store.batches(state.sessionId) })));
}

/** Delete the recordings, of anyone, that could not be sent for 90 days. @returns what was deleted */
export async function deleteOldRecordings(now: number = Date.now()): Promise<RecordingState[]> {
  const store = await openRecordingStore();
  if (!store) return [];
  const isOpen = await openRecordings();
  const old = (await store.recordings()).filter((each) => now - each.startedAt > MAX_AGE_MS && !isOpen(each));
  for (const { sessionId } of old) await store.forget(sessionId);
  return old;
}

/** Whether a page has a recording open. */
async function openRecordings(): Promise<(state: RecordingState) => boolean> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const names = new Set(held.map(({ name }) => name));
  return ({ sessionId }) => names.has(LOCK + sessionId);
}
