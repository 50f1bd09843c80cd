/**
 * In-memory queue for browsers without storage, such as some private windows; it is lost with the page.
 * @module
 */

import { isBeyond, LIMIT_BYTES, QueueFull, sizeOf, waitingOf } from "./queue.js";

/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {import("./queue.js").SessionState} SessionState */

/** Has the same methods as `Queue`. */
export class MemoryQueue {
  #limitBytes;
  #ids = 0;
  #bytes = 0;
  /** @type {Map<string, SessionState>} */
  #sessions = new Map();
  /** @type {Entry[]} */
  #entries = [];

  /** @param {number} [limitBytes] */
  constructor(limitBytes = LIMIT_BYTES) {
    this.#limitBytes = limitBytes;
  }

  /** @returns {Promise<SessionState[]>} */
  async sessions() {
    return [...this.#sessions.values()];
  }

  /** @param {string} sessionId */
  async session(sessionId) {
    return this.#sessions.get(sessionId);
  }

  /** @param {SessionState} state */
  async save(state) {
    this.#sessions.set(state.sessionId, { ...state });
  }

  /** @param {SessionState} state @param {Entry} entry */
  async append(state, entry) {
    if (isBeyond(this.#bytes, entry, this.#limitBytes)) throw new QueueFull();
    this.#bytes += sizeOf(entry);
    this.#sessions.set(state.sessionId, { ...state });
    this.#entries.push({ ...entry, id: (this.#ids += 1) });
  }

  /** @param {string} sessionId */
  async first(sessionId) {
    return this.#entries.find((entry) => entry.sessionId === sessionId);
  }

  /** @param {SessionState} state @param {Entry} entry */
  async remove(state, entry) {
    this.#bytes -= sizeOf(entry);
    this.#sessions.set(state.sessionId, { ...state });
    this.#entries = this.#entries.filter((each) => each.id !== entry.id);
  }

  /** @param {string} sessionId */
  async forget(sessionId) {
    this.#sessions.delete(sessionId);
    this.#entries = this.#entries.filter((each) => each.sessionId !== sessionId);
    this.#bytes = (await this.count()).bytes;
  }

  /** @param {string} [sessionId] */
  async count(sessionId) {
    return waitingOf(this.#entries.filter((each) => (sessionId ?? each.sessionId) === each.sessionId));
  }
}
