/**
 * Manually counted session, without a camera.
 * @module
 */

import { graphql, Problem, send } from "../api/client.js";
import { uniqueKey } from "../ui/dom.js";
import { askBeforeLeaving } from "../ui/leave-guard.js";

const COUNT = `
mutation Count($input: CountRepetitionInput!) {
  countRepetition(input: $input) { ... on SessionPayload { position } ... on Problem { code message correlationId } }
}`;

const COMPLETE_SET = `
mutation CompleteSet($input: CompleteSetInput!) {
  completeSet(input: $input) { ... on SessionPayload { position } ... on Problem { code message correlationId } }
}`;

/** @param {string} path @param {object} body @param {string} key idempotency key */
function post(path, body, key) {
  return send("POST", path, body, { "Idempotency-Key": key });
}

/** Throw the problem of a mutation, if it has one. @param {{position: string} | {code: string, message: string, correlationId: string}} answer */
function check(answer) {
  if ("code" in answer) throw new Problem({ title: "Your change could not be saved.", detail: answer.message, code: answer.code, reference: answer.correlationId });
}

/** @typedef {{commandId: string, number: number, startMs: number, endMs: number}} Tapped */

/**
 * Taps stay in the page until the set ends, so that one can be undone. After a failure, repeat the
 * call: each step has its own idempotency key and happens once.
 */
export class ManualSession {
  /** @type {string} */
  id;
  #began;
  #completion = uniqueKey();
  #set = 0;
  #setStartMs = 0;
  /** @type {(() => Promise<unknown>)[]} */
  #owed = [];
  /** The write in progress. @type {Promise<void> | null} */
  #settling = null;
  /** @type {Tapped[]} */
  #taps = [];

  /** @param {string} id session ID */
  constructor(id) {
    this.id = id;
    this.#began = performance.now();
  }

  /** @param {{athleteId: string}} who */
  static async begin({ athleteId }) {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const { sessionId } = await post("/v1/sessions", { athleteId, timeZone }, uniqueKey());
    return new ManualSession(sessionId);
  }

  /** @param {string} exercise exercise ID @param {{target: number | null}} aim */
  async startSet(exercise, { target }) {
    this.#set += 1;
    this.#taps = [];
    this.#setStartMs = this.#now();
    const body = { set: this.#set, exerciseId: exercise, model: "by hand", source: "manual", targetRepetitions: target };
    const key = uniqueKey();
    this.#owe(() => post(`/v1/sessions/${encodeURIComponent(this.id)}/sets`, body, key));
    await this.settle();
  }

  /** Count one repetition. @returns {number} repetitions of the set so far */
  tap() {
    const endMs = this.#now();
    const startMs = this.#taps.at(-1)?.endMs ?? this.#setStartMs;
    this.#taps.push({ commandId: uniqueKey(), number: this.#taps.length + 1, startMs, endMs: Math.max(endMs, startMs + 1) });
    this.#guard();
    return this.#taps.length;
  }

  /** Remove the last repetition. @returns {number} repetitions of the set so far */
  undoRepetition() {
    this.#taps.pop();
    this.#guard();
    return this.#taps.length;
  }

  /** Write the finished set. */
  async endSet() {
    const of = { sessionId: this.id, set: this.#set };
    for (const tap of this.#taps) this.#owe(async () => check((await graphql(COUNT, { input: { ...of, ...tap, source: "MANUAL" } })).countRepetition));
    const over = { ...of, commandId: uniqueKey(), startMs: this.#setStartMs, endMs: Math.max(this.#now(), this.#taps.at(-1)?.endMs ?? 0) };
    this.#owe(async () => check((await graphql(COMPLETE_SET, { input: over })).completeSet));
    this.#taps = [];
    await this.settle();
  }

  /** Write the pending steps in order; after a failure, call it again to continue. */
  settle() {
    this.#settling ??= this.#write().finally(() => { this.#settling = null; });
    return this.#settling;
  }

  async #write() {
    while (this.#owed.length > 0) {
      await this.#owed[0]();
      this.#owed.shift();
    }
    this.#guard();
  }

  /** @returns {Promise<any>} the summary */
  async complete() {
    await this.settle();
    return post(`/v1/sessions/${encodeURIComponent(this.id)}:complete`, {}, this.#completion);
  }

  /** @param {() => Promise<unknown>} step */
  #owe(step) {
    this.#owed.push(step);
    this.#guard();
  }

  /** Unsaved steps would be lost with the page. */
  #guard() {
    askBeforeLeaving(this.#taps.length + this.#owed.length > 0);
  }

  #now() {
    return Math.round(performance.now() - this.#began);
  }
}
