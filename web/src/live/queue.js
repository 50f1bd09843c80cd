/**
 * Queue in the browser's storage: neither a lost connection nor a reload loses its entries.
 *
 * One IndexedDB database for all sessions: `sessions` holds their states, `entries` the queued data in
 * order. An entry and the changed state of its session are written in one transaction.
 * @module
 */

/**
 * @typedef {object} SessionState
 * @property {string} sessionId
 * @property {string} [workoutId] prescription of a guided workout; the session itself, if a trainer assigned the workout
 * @property {string} athleteId
 * @property {string} exercise exercise of the latest set
 * @property {string} model pose model
 * @property {number} startedAt Unix time in milliseconds at which the session's frames have time 0
 * @property {number} set number of the latest set; 0 before the first
 * @property {boolean} isSetOpen whether the latest set takes frames
 * @property {boolean} [isByHand] whether the latest set is open and counted by hand
 * @property {number} lastMs time of the latest stored frame; -1 before the first
 * @property {number} frames
 * @property {number} framesWithPose
 * @property {boolean} isCompleting
 * @property {number} acknowledged number of chunks that the server has stored
 */
/**
 * @typedef {object} Entry
 * @property {number} [id] position in the queue
 * @property {string} sessionId
 * @property {"start" | "set" | "ask" | "chunk" | "complete"} kind
 * @property {string} [path] path of a command
 * @property {string} [key] idempotency key of a command
 * @property {object} [body] body of a command
 * @property {Uint8Array} [bytes] encoded chunk; its sequence number is set when it is sent
 * @property {number} [spanMs] duration of a chunk
 * @property {boolean} [last] whether a chunk ends its set
 */
/** @typedef {{chunks: number, spanMs: number, bytes: number}} Waiting */

/** Limit of the queue: a little over an hour of frames at 30 per second. */
export const LIMIT_BYTES = 64 * 1024 * 1024;

const NAME = "kinelog-live";

/** The browser's storage or our limit is exhausted. */
export class QueueFull extends Error {}

/** Open the database. @param {number} [limitBytes] @returns {Promise<Queue>} */
export async function openQueue(limitBytes = LIMIT_BYTES) {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("sessions", { keyPath: "sessionId" });
    const entries = opening.result.createObjectStore("entries", { keyPath: "id", autoIncrement: true });
    entries.createIndex("bySession", "sessionId");
  };
  const queue = new Queue(await done(opening), limitBytes);
  await queue.count();
  return queue;
}

/** Entries of all sessions, first in, first out per session. */
export class Queue {
  #database;
  #limitBytes;
  #bytes = 0;

  /** @param {IDBDatabase} database @param {number} limitBytes */
  constructor(database, limitBytes) {
    this.#database = database;
    this.#limitBytes = limitBytes;
  }

  /** Sessions that are unfinished or have waiting entries. @returns {Promise<SessionState[]>} */
  sessions() {
    return done(this.#database.transaction("sessions").objectStore("sessions").getAll());
  }

  /** @param {string} sessionId @returns {Promise<SessionState | undefined>} */
  session(sessionId) {
    return done(this.#database.transaction("sessions").objectStore("sessions").get(sessionId));
  }

  /** Append an entry and store the new state of its session. Throws QueueFull. @param {SessionState} state @param {Entry} entry */
  async append(state, entry) {
    if (isBeyond(this.#bytes, entry, this.#limitBytes)) throw new QueueFull();
    this.#bytes += sizeOf(entry); // at once, because other entries may be appended before this one is written
    try {
      await this.#write((sessions, entries) => {
        sessions.put(state);
        entries.add(entry);
      });
    } catch (error) {
      this.#bytes -= sizeOf(entry);
      throw error;
    }
  }

  /** The next entry of a session. @param {string} sessionId @returns {Promise<Entry | undefined>} */
  first(sessionId) {
    return done(this.#database.transaction("entries").objectStore("entries").index("bySession").get(sessionId));
  }

  /** Remove a delivered entry. @param {SessionState} state @param {Entry} entry */
  async remove(state, entry) {
    await this.#write((sessions, entries) => {
      sessions.put(state);
      entries.delete(/** @type {number} */ (entry.id));
    });
    this.#bytes -= sizeOf(entry);
  }

  /** Delete a session. @param {string} sessionId */
  async forget(sessionId) {
    await this.#write((sessions, entries) => {
      sessions.delete(sessionId);
      const each = entries.index("bySession").openKeyCursor(sessionId);
      each.onsuccess = () => {
        if (!each.result) return;
        entries.delete(each.result.primaryKey);
        each.result.continue();
      };
    });
    await this.count();
  }

  /** Count what is waiting, of one session or of all; reads all entries. @param {string} [sessionId] @returns {Promise<Waiting>} */
  async count(sessionId) {
    const entries = this.#database.transaction("entries").objectStore("entries");
    /** @type {Entry[]} */
    const waiting = await done(sessionId === undefined ? entries.getAll() : entries.index("bySession").getAll(sessionId));
    const bytes = waiting.reduce((sum, entry) => sum + sizeOf(entry), 0);
    if (sessionId === undefined) this.#bytes = bytes;
    const chunks = waiting.filter((entry) => entry.kind === "chunk");
    return { chunks: chunks.length, spanMs: chunks.reduce((sum, entry) => sum + (entry.spanMs ?? 0), 0), bytes };
  }

  /** @param {(sessions: IDBObjectStore, entries: IDBObjectStore) => void} work @returns {Promise<void>} */
  #write(work) {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(["sessions", "entries"], "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(refusal(transaction.error));
      work(transaction.objectStore("sessions"), transaction.objectStore("entries"));
    });
  }
}

/** @param {DOMException | null} error */
function refusal(error) {
  return error?.name === "QuotaExceededError" ? new QueueFull() : (error ?? new Error("The browser closed its storage."));
}

/** Number of bytes that an entry counts towards the limit. @param {Entry} entry */
export function sizeOf(entry) {
  return entry.bytes?.length ?? 0;
}

/** Whether an entry exceeds the limit. Commands and ends of sets are small and always fit. @param {number} bytes @param {Entry} entry @param {number} limitBytes */
export function isBeyond(bytes, entry, limitBytes) {
  return entry.kind === "chunk" && !entry.last && bytes + sizeOf(entry) > limitBytes;
}

/** Create the state of a new session. @param {{athleteId: string, exercise: string, model: string, startedAt: number}} facts @returns {SessionState} */
export function newState(facts) {
  return {
    ...facts,
    sessionId: crypto.randomUUID(),
    set: 0,
    isSetOpen: false,
    lastMs: -1,
    frames: 0,
    framesWithPose: 0,
    isCompleting: false,
    acknowledged: 0,
  };
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(refusal(request.error));
  });
}
