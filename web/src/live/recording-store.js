/**
 * Recordings in the browser's storage: neither a lost connection nor a closed page loses what was recorded.
 *
 * One IndexedDB database: `recordings` holds the state of each recording, `batches` its frames that the
 * server has not stored. A batch and the changed state are written in one transaction.
 * @module
 */

import { reportError } from "../api/error-reports.js";

/** @typedef {{timeMs: number, landmarks: Float32Array | null, world: Float32Array | null, image?: string}} RecordedFrame `image`: a JPEG as Base64 */
/** @typedef {{message: {type: string}, after: number}} Command `after`: number of frames before it */
/** @typedef {{sessionId: string, athleteId: string, startedAt: number}} RecordingKey `startedAt`: Unix time in milliseconds */
/** @typedef {RecordingKey & {commands: Command[]}} RecordingState `commands`: those that the server has not executed */
/** @typedef {{id?: number, sessionId: string, first: number, frames: RecordedFrame[]}} Batch `first`: number of its first frame */

const NAME = "kinelog-recordings";

/** Open the database; null if the browser has no storage. @returns {Promise<RecordingStore | null>} */
export async function openRecordingStore() {
  try {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("recordings", { keyPath: "sessionId" });
      opening.result.createObjectStore("batches", { keyPath: "id", autoIncrement: true }).createIndex("bySession", "sessionId");
    };
    return new RecordingStore(await done(opening));
  } catch (error) {
    reportError("storage", /** @type {any} */ (error)?.name ?? "Error");
    return null;
  }
}

/** Recordings that are not stored by the server yet. */
export class RecordingStore {
  #database;

  /** @param {IDBDatabase} database */
  constructor(database) {
    this.#database = database;
  }

  /** States of all recordings. @returns {Promise<RecordingState[]>} */
  recordings() {
    return done(this.#database.transaction("recordings").objectStore("recordings").getAll());
  }

  /** Batches of a recording, in order. @param {string} sessionId @returns {Promise<Batch[]>} */
  batches(sessionId) {
    return done(this.#database.transaction("batches").objectStore("batches").index("bySession").getAll(sessionId));
  }

  /** Store a state, and with it a batch. @param {RecordingState} state @param {Batch} [batch] */
  put(state, batch) {
    return this.#write((recordings, batches) => {
      recordings.put(state);
      if (batch?.frames.length) batches.add(batch);
    });
  }

  /** Delete the batches whose frames the server has stored. @param {string} sessionId @param {number} count of stored frames */
  trim(sessionId, count) {
    return this.#write((_, batches) => each(batches, sessionId, (cursor) => {
      const { first, frames } = /** @type {Batch} */ (cursor.value);
      if (first + frames.length <= count) cursor.delete();
    }));
  }

  /** Delete a recording. @param {string} sessionId */
  forget(sessionId) {
    return this.#write((recordings, batches) => {
      recordings.delete(sessionId);
      each(batches, sessionId, (cursor) => cursor.delete());
    });
  }

  /** @param {(recordings: IDBObjectStore, batches: IDBObjectStore) => void} work @returns {Promise<void>} */
  #write(work) {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(["recordings", "batches"], "readwrite");
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("The browser closed its storage."));
      work(transaction.objectStore("recordings"), transaction.objectStore("batches"));
    });
  }
}

/** @param {IDBObjectStore} batches @param {string} sessionId @param {(cursor: IDBCursorWithValue) => void} visit */
function each(batches, sessionId, visit) {
  const cursor = batches.index("bySession").openCursor(sessionId);
  cursor.onsuccess = () => {
    if (!cursor.result) return;
    visit(cursor.result);
    cursor.result.continue();
  };
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
