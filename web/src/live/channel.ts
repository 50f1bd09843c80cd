/**
 * Connections for chunks beside HTTP: each message is a chunk, each reply its answer (C-01).
 * @module
 */

import { unreachable } from "../api/problem.ts";
import { refused, type Answer } from "./http-transport.ts";

/** Timeout of the connection; blocked networks do not report an error. */
const OPENING_MS = 6000;

/** Timeout of an answer; the browser notices a lost network much later. */
const ANSWER_MS = 3000;

/** Name of the performance measure of an answered chunk, whose detail is the channel's name. */
export const ANSWERED = "kinelog.channel";

export type Timeouts = {openingMs: number, answerMs: number};

/** One connection, from the attempt to open it to its end. */
export abstract class Channel {
  /** Whether it was closed by either end. */
  isOver = false;
  /** Rejected when the connection ends. */
  #ended: PromiseWithResolvers<never> = Promise.withResolvers();
  #timeouts;

  constructor(timeouts: Timeouts = { openingMs: OPENING_MS, answerMs: ANSWER_MS }) {
    this.#timeouts = timeouts;
    this.#ended.promise.catch(() => {}); // possibly nobody awaits it
  }

  /** Name for people. */
  abstract get name(): string;

  /** Whether a message of this size can be sent now. */
  abstract takes(bytes: number): boolean;

  /** Connect; `timeout` aborts requests. */
  protected abstract connect(timeout: AbortSignal): Promise<void>;

  /** Send a message and return the next reply. */
  protected abstract exchange(bytes: Uint8Array<ArrayBuffer>): Promise<string>;

  /** Close the connection. */
  protected abstract disconnect(): void;

  /** Connect, once. @throws {Problem} with status 0 if it fails; nothing stays open then */
  async open() {
    const timeout = setTimeout(() => this.close(), this.#timeouts.openingMs);
    try {
      await Promise.race([this.connect(AbortSignal.timeout(this.#timeouts.openingMs)), this.#ended.promise]);
    } catch {
      this.close();
      throw unreachable(); // unsupported browser, blocked network or refusal: the caller handles all alike
    } finally {
      clearTimeout(timeout);
    }
  }

  /** Send a chunk and return the answer, one at a time; without an answer the channel is closed. @throws {Problem} with status 0 if the server may not have it */
  async ask(bytes: Uint8Array): Promise<Answer> {
    const start = performance.now();
    const timeout = setTimeout(() => this.close(), this.#timeouts.answerMs);
    let text;
    let answer;
    try {
      text = await Promise.race([this.exchange(bytes as Uint8Array<ArrayBuffer>), this.#ended.promise]);
      answer = JSON.parse(text);
    } catch {
      this.close();
      throw unreachable();
    } finally {
      clearTimeout(timeout);
    }
    performance.measure(ANSWERED, { start, detail: this.name });
    performance.clearMeasures(ANSWERED); // observers have received it by now
    if (answer.status >= 400) throw refused(answer.status, text, null);
    return answer;
  }

  /** Close the connection; a pending answer is lost. */
  close() {
    this.isOver = true;
    this.#ended.reject(unreachable());
    this.disconnect();
  }
}
