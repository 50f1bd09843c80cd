/**
 * What waits to be sent is kept by the browser, so that neither a lost network nor a reload loses it.
 *
 * One database for all sessions: `sessions` says how each goes, `entries` what waits, in the order
 * in which it goes. An entry and what it changes of its session are written together or not at all.
 * @module
 */

/**
 * @typedef {object} SessionState
 * @property {string} sessionId
 * @property {string} [workoutId] The prescription it follows, if any.
 * @property {string} athleteId
 * @property {string} exercise Of the latest set.
 * @property {string} model What makes the landmarks.
 * @property {number} startedAt Milliseconds since 1970: time zero of the session's frames.
 * @property {number} set The latest set; 0 before the first one.
 * @property {boolean} isSetOpen
 * @property {number} lastMs Of the latest frame that was kept; -1 before the first one.
 * @property {number} frames
 * @property {number} framesWithPose
 * @property {boolean} isCompleting
 * @property {number} acknowledged How many chunks the server keeps.
 */
/**
 * @typedef {object} Entry
 * @property {number} [id] Its place in the queue.
 * @property {string} sessionId
 * @property {"start" | "set" | "ask" | "chunk" | "complete"} kind
 * @property {string} [path] Of a command.
 * @property {string} [key] Idempotency key of a command: sent twice, it is carried out once.
 * @property {object} [body] Of a command.
 * @property {Uint8Array} [bytes] Of a chunk; its number is written when it is sent.
 * @property {number} [spanMs] How much of the session a chunk covers.
 * @property {boolean} [last] Whether a chunk ends its set.
 */
/** @typedef {{chunks: number, spanMs: number, bytes: number}} Waiting */

/** A little over an hour of frames at 30 a second. */
export const LIMIT_BYTES = 64 * 1024 * 1024;

const NAME = "kinelog-live";

/** The browser keeps no more: its storage, or what we allow ourselves of it, is used up. */
export class QueueFull extends Error {}

/** Open what the browser keeps. @param {number} [limitBytes] @returns {Promise<Queue>} */
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

/** Entries of all sessions, first in, first out within each. */
export class Queue {
  #database;
  #limitBytes;
  #bytes = 0;

  /** @param {IDBDatabase} database @param {number} limitBytes */
  constructor(database, limitBytes) {
    this.#database = database;
    this.#limitBytes = limitBytes;
  }

  /** Sessions that are not over, or of which something still waits. @returns {Promise<SessionState[]>} */
  sessions() {
    return done(this.#database.transaction("sessions").objectStore("sessions").getAll());
  }

  /** @param {string} sessionId @returns {Promise<SessionState | undefined>} */
  session(sessionId) {
    return done(this.#database.transaction("sessions").objectStore("sessions").get(sessionId));
  }

  /** Put something behind all that waits; `state` is what it makes of its session. Throws QueueFull. @param {SessionState} state @param {Entry} entry */
  async append(state, entry) {
    if (isBeyond(this.#bytes, entry, this.#limitBytes)) throw new QueueFull();
    this.#bytes += sizeOf(entry); // at once, for others may come before it is written
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

  /** What goes next. @param {string} sessionId @returns {Promise<Entry | undefined>} */
  first(sessionId) {
    return done(this.#database.transaction("entries").objectStore("entries").index("bySession").get(sessionId));
  }

  /** Forget an entry that is done with. @param {SessionState} state @param {Entry} entry */
  async remove(state, entry) {
    await this.#write((sessions, entries) => {
      sessions.put(state);
      entries.delete(/** @type {number} */ (entry.id));
    });
    this.#bytes -= sizeOf(entry);
  }

  /** Forget a session that is over. @param {string} sessionId */
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

  /** What waits, of one session or of all; looks at everything. @param {string} [sessionId] @returns {Promise<Waiting>} */
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
  return error?.name === "QuotaExceededError" ? new QueueFull() : (error ?? new Error("The browser's storage was closed."));
}

/** Bytes of frames in an entry. @param {Entry} entry */
export function sizeOf(entry) {
  return entry.bytes?.length ?? 0;
}

/** Whether an entry is too much; the ends of sets and commands, small and few, always have room. @param {number} bytes @param {Entry} entry @param {number} limitBytes */
export function isBeyond(bytes, entry, limitBytes) {
  return entry.kind === "chunk" && !entry.last && bytes + sizeOf(entry) > limitBytes;
}

/** A session that begins. @param {{athleteId: string, exercise: string, model: string, startedAt: number}} facts @returns {SessionState} */
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
