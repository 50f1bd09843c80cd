/**
 * Recordings in the browser's storage: neither a lost connection nor a closed page loses what was recorded.
 *
 * One IndexedDB database: `recordings` holds the state of each recording, `batches` its frames that the
 * server has not stored. A batch and the changed state are written in one transaction.
 * @module
 */

import { reportError } from "../api/error-reports.ts";

/** `image`: a JPEG as Base64 */
export type RecordedFrame = {timeMs: number, landmarks: Float32Array | null, world: Float32Array | null, image?: string};
/** `after`: number of frames before it */
export type Command = {message: {type: string}, after: number};
/** `startedAt`: Unix time in milliseconds */
export type RecordingKey = {sessionId: string, athleteId: string, startedAt: number};
/** `commands`: those that the server has not executed */
export type RecordingState = RecordingKey & {commands: Command[]};
/** `first`: number of its first frame */
export type Batch = {id?: number, sessionId: string, first: number, frames: RecordedFrame[]};

const NAME = "kinelog-recordings";

/** Open the database; null if the browser has no storage. */
export async function openRecordingStore(): Promise<RecordingStore | null> {
  try {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("recordings", { keyPath: "sessionId" });
      opening.result.createObjectStore("batches", { keyPath: "id", autoIncrement: true }).createIndex("bySession", "sessionId");
    };
    return new RecordingStore(await done(opening));
  } catch (error) {
    reportError("storage", (error as Error | null)?.name ?? "Error");
    return null;
  }
}

/** Recordings that are not stored by the server yet. */
export class RecordingStore {
  #database;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** States of all recordings. */
  recordings(): Promise<RecordingState[]> {
    return done(this.#database.transaction("recordings").objectStore("recordings").getAll());
  }

  /** Batches of a recording, in order. */
  batches(sessionId: string): Promise<Batch[]> {
    return done(this.#database.transaction("batches").objectStore("batches").index("bySession").getAll(sessionId));
  }

  /** Store a state, and with it a batch. */
  put(state: RecordingState, batch?: Batch) {
    return this.#write((recordings, batches) => {
      recordings.put(state);
      if (batch?.frames.length) batches.add(batch);
    });
  }

  /** Delete the batches whose frames the server has stored. @param count of stored frames */
  trim(sessionId: string, count: number) {
    return this.#write((_, batches) => each(batches, sessionId, (cursor) => {
      const { first, frames } = cursor.value as Batch;
      if (first + frames.length <= count) cursor.delete();
    }));
  }

  /** Delete a recording. */
  forget(sessionId: string) {
    return this.#write((recordings, batches) => {
      recordings.delete(sessionId);
      each(batches, sessionId, (cursor) => cursor.delete());
    });
  }

  #write(work: (recordings: IDBObjectStore, batches: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(["recordings", "batches"], "readwrite");
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("The browser closed its storage."));
      work(transaction.objectStore("recordings"), transaction.objectStore("batches"));
    });
  }
}

function each(batches: IDBObjectStore, sessionId: string, visit: (cursor: IDBCursorWithValue) => void) {
  const cursor = batches.index("bySession").openCursor(sessionId);
  cursor.onsuccess = () => {
    if (!cursor.result) return;
    visit(cursor.result);
    cursor.result.continue();
  };
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
