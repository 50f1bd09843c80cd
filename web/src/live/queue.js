/**
 * Queue in the browser's storage: neither a lost connection nor a reload loses its entries.
 *
 * One IndexedDB database for all sessions: `sessions` holds their states, `entries` the queued data in
 * order. An entry and the changed state of its session are written in one transaction.
 * @module
 */

import { openDB } from "idb";

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
 * @property {unknown} [progress] state of the page, with which it continues while the server is unreachable
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
/** @typedef {{entries: number, asks: number, chunks: number, spanMs: number, bytes: number}} Waiting */

/** Limit of the queue: a little over an hour of frames at 30 per second. */
export const LIMIT_BYTES = 64 * 1024 * 1024;

const NAME = "kinelog-live";

/** The browser's storage or our limit is exhausted. */
export class QueueFull extends Error {}

/** @typedef {{sessions: {key: string, value: SessionState}, entries: {key: number, value: Entry, indexes: {bySession: string}}}} Schema */

/** Open the database. @param {number} [limitBytes] @returns {Promise<Queue>} */
export async function openQueue(limitBytes = LIMIT_BYTES) {
  /** @type {import("idb").IDBPDatabase<Schema>} */
  const database = await openDB(NAME, 1, {
    upgrade(created) {
      created.createObjectStore("sessions", { keyPath: "sessionId" });
      created.createObjectStore("entries", { keyPath: "id", autoIncrement: true }).createIndex("bySession", "sessionId");
    },
  });
  const queue = new Queue(database, limitBytes);
  await queue.count();
  return queue;
}

/** Entries of all sessions, first in, first out per session. */
export class Queue {
  #database;
  #limitBytes;
  #bytes = 0;

  /** @param {import("idb").IDBPDatabase<Schema>} database @param {number} limitBytes */
  constructor(database, limitBytes) {
    this.#database = database;
    this.#limitBytes = limitBytes;
  }

  /** Sessions that are unfinished or have waiting entries. @returns {Promise<SessionState[]>} */
  sessions() {
    return this.#database.getAll("sessions");
  }

  /** @param {string} sessionId @returns {Promise<SessionState | undefined>} */
  session(sessionId) {
    return this.#database.get("sessions", sessionId);
  }

  /** Store the state of a session without an entry. @param {SessionState} state */
  save(state) {
    return this.#write(({ sessions }) => [sessions.put(state)]);
  }

  /** Append an entry and store the new state of its session. Throws QueueFull. @param {SessionState} state @param {Entry} entry */
  async append(state, entry) {
    if (isBeyond(this.#bytes, entry, this.#limitBytes)) throw new QueueFull();
    this.#bytes += sizeOf(entry); // at once, because other entries may be appended before this one is written
    try {
      await this.#write(({ sessions, entries }) => [sessions.put(state), entries.add(entry)]);
    } catch (error) {
      this.#bytes -= sizeOf(entry);
      throw error;
    }
  }

  /** The next entry of a session. @param {string} sessionId @returns {Promise<Entry | undefined>} */
  first(sessionId) {
    return this.#database.getFromIndex("entries", "bySession", sessionId);
  }

  /** Remove a delivered entry. @param {SessionState} state @param {Entry} entry */
  async remove(state, entry) {
    await this.#write(({ sessions, entries }) => [sessions.put(state), entries.delete(/** @type {number} */ (entry.id))]);
    this.#bytes -= sizeOf(entry);
  }

  /** Delete a session. @param {string} sessionId */
  async forget(sessionId) {
    await this.#write(({ sessions, entries }) => [sessions.delete(sessionId), deleteEntries(entries, sessionId)]);
    await this.count();
  }

  /** Count what is waiting, of one session or of all; reads all entries. @param {string} [sessionId] @returns {Promise<Waiting>} */
  async count(sessionId) {
    const waiting = await (sessionId === undefined ? this.#database.getAll("entries") : this.#database.getAllFromIndex("entries", "bySession", sessionId));
    const sum = waitingOf(waiting);
    if (sessionId === undefined) this.#bytes = sum.bytes;
    return sum;
  }

  /** Run requests in one transaction. @param {(stores: {sessions: Store<"sessions">, entries: Store<"entries">}) => Promise<unknown>[]} work */
  async #write(work) {
    const transaction = this.#database.transaction(["sessions", "entries"], "readwrite", { durability: "strict" });
    const requests = work({ sessions: transaction.objectStore("sessions"), entries: transaction.objectStore("entries") });
    try {
      await Promise.all([...requests, transaction.done]);
    } catch (error) {
      const { name } = /** @type {DOMException} */ (transaction.error ?? error);
      throw name === "QuotaExceededError" ? new QueueFull() : error;
    }
  }
}

/** @template {"sessions" | "entries"} Name @typedef {import("idb").IDBPObjectStore<Schema, ("sessions" | "entries")[], Name, "readwrite">} Store */

/** @param {Store<"entries">} entries @param {string} sessionId */
async function deleteEntries(entries, sessionId) {
  const keys = await entries.index("bySession").getAllKeys(sessionId);
  await Promise.all(keys.map((key) => entries.delete(key)));
}

/** Sum up entries. @param {Entry[]} entries @returns {Waiting} */
export function waitingOf(entries) {
  const chunks = entries.filter((entry) => entry.kind === "chunk");
  return {
    entries: entries.length,
    asks: entries.filter((entry) => entry.kind === "ask").length,
    chunks: chunks.length,
    spanMs: chunks.reduce((sum, entry) => sum + (entry.spanMs ?? 0), 0),
    bytes: entries.reduce((sum, entry) => sum + sizeOf(entry), 0),
  };
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
