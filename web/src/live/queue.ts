/**
 * Queue in the browser's storage: neither a lost connection nor a reload loses its entries.
 *
 * One IndexedDB database for all sessions: `sessions` holds their states, `entries` the queued data in
 * order. An entry and the changed state of its session are written in one transaction.
 * @module
 */

import { openDB, type IDBPDatabase, type IDBPObjectStore } from "idb";

export interface SessionState {
  sessionId: string;
  /** prescription of a guided workout; the session itself, if a trainer assigned the workout */
  workoutId?: string;
  athleteId: string;
  /** exercise of the latest set */
  exercise: string;
  /** pose model */
  model: string;
  /** Unix time in milliseconds at which the session's frames have time 0 */
  startedAt: number;
  /** number of the latest set; 0 before the first */
  set: number;
  /** whether the latest set takes frames */
  isSetOpen: boolean;
  /** whether the latest set is open and counted by hand */
  isByHand?: boolean;
  /** time of the latest stored frame; -1 before the first */
  lastMs: number;
  frames: number;
  framesWithPose: number;
  isCompleting: boolean;
  /** number of chunks that the server has stored */
  acknowledged: number;
  /** latest set of which the server has stored a chunk */
  streamedSets?: number;
  /** state of the page, with which it continues while the server is unreachable */
  progress?: unknown;
}
export interface Entry {
  /** position in the queue */
  id?: number;
  sessionId: string;
  kind: "start" | "set" | "ask" | "chunk" | "complete";
  /** path of a command */
  path?: string;
  /** idempotency key of a command */
  key?: string;
  /** body of a command */
  body?: object;
  /** encoded chunk; its sequence number is set when it is sent */
  bytes?: Uint8Array;
  /** duration of a chunk */
  spanMs?: number;
  /** whether a chunk ends its set */
  last?: boolean;
}
type Waiting = {entries: number, asks: number, chunks: number, spanMs: number, bytes: number};

/** Limit of the queue: a little over an hour of frames at 30 per second. */
export const LIMIT_BYTES = 64 * 1024 * 1024;

const NAME = "kinelog-live";

/** The browser's storage or our limit is exhausted. */
export class QueueFull extends Error {}

type Schema = {sessions: {key: string, value: SessionState}, entries: {key: number, value: Entry, indexes: {bySession: string}}};

/** Open the database. */
export async function openQueue(limitBytes: number = LIMIT_BYTES): Promise<Queue> {
  const database: IDBPDatabase<Schema> = await openDB(NAME, 1, {
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

  constructor(database: IDBPDatabase<Schema>, limitBytes: number) {
    this.#database = database;
    this.#limitBytes = limitBytes;
  }

  /** Sessions that are unfinished or have waiting entries. */
  sessions(): Promise<SessionState[]> {
    return this.#read("sessions", (sessions) => sessions.getAll());
  }

  session(sessionId: string): Promise<SessionState | undefined> {
    return this.#read("sessions", (sessions) => sessions.get(sessionId));
  }

  /** Store the state of a session without an entry. */
  save(state: SessionState) {
    return this.#write(({ sessions }) => [sessions.put(state)]);
  }

  /** Append an entry and store the new state of its session. Throws QueueFull. */
  async append(state: SessionState, entry: Entry) {
    if (isBeyond(this.#bytes, entry, this.#limitBytes)) throw new QueueFull();
    this.#bytes += sizeOf(entry); // at once, because other entries may be appended before this one is written
    try {
      await this.#write(({ sessions, entries }) => [sessions.put(state), entries.add(entry)]);
    } catch (error) {
      this.#bytes -= sizeOf(entry);
      throw error;
    }
  }

  /** The next entry of a session. */
  first(sessionId: string): Promise<Entry | undefined> {
    return this.#read("entries", (entries) => entries.index("bySession").get(sessionId));
  }

  /** Remove a delivered entry. */
  async remove(state: SessionState, entry: Entry) {
    await this.#write(({ sessions, entries }) => [sessions.put(state), entries.delete(entry.id as number)]);
    this.#bytes -= sizeOf(entry);
  }

  /** Delete a session. */
  async forget(sessionId: string) {
    await this.#write(({ sessions, entries }) => [sessions.delete(sessionId), deleteEntries(entries, sessionId)], { isWhole: false });
    await this.count();
  }

  /** Count what is waiting, of one session or of all; reads all entries. */
  async count(sessionId?: string): Promise<Waiting> {
    const waiting = await this.#read("entries", (entries) => (sessionId === undefined ? entries.getAll() : entries.index("bySession").getAll(sessionId)));
    const sum = waitingOf(waiting);
    if (sessionId === undefined) this.#bytes = sum.bytes;
    return sum;
  }

  /** Read by one request. */
  async #read<Name extends "sessions" | "entries", Result>(name: Name, request: (store: IDBPObjectStore<Schema, [Name], Name, "readonly">) => Promise<Result>): Promise<Result> {
    const transaction = this.#database.transaction(name, "readonly");
    const result = request(transaction.objectStore(name));
    transaction.commit(); // otherwise it ends only after the page has the result, and writes that wait for it are lost if the page is closed
    return result;
  }

  /** Run requests in one transaction. @param isWhole whether no more requests follow them */
  async #write(work: (stores: {sessions: Store<"sessions">, entries: Store<"entries">}) => Promise<unknown>[], { isWhole = true } = {}) {
    const transaction = this.#database.transaction(["sessions", "entries"], "readwrite", { durability: "strict" });
    const requests = work({ sessions: transaction.objectStore("sessions"), entries: transaction.objectStore("entries") });
    // Otherwise the browser rolls it back if the page is closed before the events of the requests arrive.
    if (isWhole) transaction.commit();
    try {
      await Promise.all([...requests, transaction.done]);
    } catch (error) {
      const { name } = (transaction.error ?? error) as DOMException;
      throw name === "QuotaExceededError" ? new QueueFull() : error;
    }
  }
}

type Store<Name extends "sessions" | "entries"> = IDBPObjectStore<Schema, ("sessions" | "entries")[], Name, "readwrite">;

async function deleteEntries(entries: Store<"entries">, sessionId: string) {
  const keys = await entries.index("bySession").getAllKeys(sessionId);
  await Promise.all(keys.map((key) => entries.delete(key)));
}

/** Sum up entries. */
export function waitingOf(entries: Entry[]): Waiting {
  const chunks = entries.filter((entry) => entry.kind === "chunk");
  return {
    entries: entries.length,
    asks: entries.filter((entry) => entry.kind === "ask").length,
    chunks: chunks.length,
    spanMs: chunks.reduce((sum, entry) => sum + (entry.spanMs ?? 0), 0),
    bytes: entries.reduce((sum, entry) => sum + sizeOf(entry), 0),
  };
}

/** Number of bytes that an entry counts towards the limit. */
export function sizeOf(entry: Entry) {
  return entry.bytes?.length ?? 0;
}

/** Whether an entry exceeds the limit. Commands and ends of sets are small and always fit. */
export function isBeyond(bytes: number, entry: Entry, limitBytes: number) {
  return entry.kind === "chunk" && !entry.last && bytes + sizeOf(entry) > limitBytes;
}

/** Create the state of a new session. */
export function newState(facts: {athleteId: string, exercise: string, model: string, startedAt: number}): SessionState {
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
