/**
 * In-memory queue for browsers without storage, such as some private windows; it is lost with the page.
 * @module
 */

import { isBeyond, LIMIT_BYTES, QueueFull, sizeOf, waitingOf, type Entry, type SessionState, type Queue } from "./queue.ts";

/** in the storage of the browser, or in memory where that is not available */
export type SessionQueue = Queue | MemoryQueue;

/** Has the same methods as `Queue`. */
export class MemoryQueue {
  #limitBytes;
  #ids = 0;
  #bytes = 0;
  #sessions: Map<string, SessionState> = new Map();
  #entries: Entry[] = [];

  constructor(limitBytes: number = LIMIT_BYTES) {
    this.#limitBytes = limitBytes;
  }

  async sessions(): Promise<SessionState[]> {
    return [...this.#sessions.values()];
  }

  async session(sessionId: string) {
    return this.#sessions.get(sessionId);
  }

  async save(state: SessionState) {
    this.#sessions.set(state.sessionId, { ...state });
  }

  async append(state: SessionState, entry: Entry) {
    if (isBeyond(this.#bytes, entry, this.#limitBytes)) throw new QueueFull();
    this.#bytes += sizeOf(entry);
    this.#sessions.set(state.sessionId, { ...state });
    this.#entries.push({ ...entry, id: (this.#ids += 1) });
  }

  async first(sessionId: string) {
    return this.#entries.find((entry) => entry.sessionId === sessionId);
  }

  async remove(state: SessionState, entry: Entry) {
    this.#bytes -= sizeOf(entry);
    this.#sessions.set(state.sessionId, { ...state });
    this.#entries = this.#entries.filter((each) => each.id !== entry.id);
  }

  async forget(sessionId: string) {
    this.#sessions.delete(sessionId);
    this.#entries = this.#entries.filter((each) => each.sessionId !== sessionId);
    this.#bytes = (await this.count()).bytes;
  }

  async count(sessionId?: string) {
    return waitingOf(this.#entries.filter((each) => (sessionId ?? each.sessionId) === each.sessionId));
  }
}
