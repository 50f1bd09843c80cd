/**
 * Delivers the queued entries of a session in order, one at a time, until the server has stored them (R-LIV-10).
 *
 * It implements the client protocol of `docs/how-to/stream.md`.
 * @module
 */

import { ANOTHER_USER, anotherUserProblem, Problem, unreachable } from "../api/problem.ts";
import { pauseMs } from "./backoff.ts";
import { numbered, onlyTheEnd, withoutPictures } from "./chunk-codec.ts";
import { DONE, GAP, HOPELESS, isOfUser, isTemporary, NOT_YET } from "./refusals.ts";
import type { Transport, Answer } from "./http-transport.ts";
import type { Entry, SessionState } from "./queue.ts";
import type { SessionQueue } from "./memory-queue.ts";

type Refusal = Problem & {expectedSequence?: number};
export type Mode = "live" | "degraded" | "device" | "offline";
/** callbacks of a deliverer */
interface Callbacks {
  delivered: (entry: Entry, answer: Answer | object) => void;
  /** the server will never accept this entry */
  refused: (entry: Entry, problem: Problem) => void;
  /** the server refused the last frames of a set; the end of the set is sent without them */
  shortened: (problem: Problem) => void;
  /** delivery stopped until the user acts */
  stopped: (problem: Problem) => void;
  mode: (mode: Mode) => void;
  /** the browser's storage failed; the operation is retried */
  failed: (error: unknown) => void;
  /** nothing is waiting any more */
  sent?: () => void;
}

/** Delivers the entries of one session while it runs. */
export class Deliverer {
  /** Transport of the chunks; it may be replaced at any time. */
  transport: Transport;
  #queue;
  #state;
  #commands;
  #refresh;
  #signedIn;
  #callbacks;
  #random;
  /** Whether a refused entry stays in the queue, for a page that shows the refusal. */
  #keepsRefused;
  #isEnded = false;
  #isStopped = false;
  #isRefreshed = false;
  #attempts = 0;
  #wake: () => void = () => {};
  #isPoked = false;
  /** The entry of which only the end of the set is sent. */
  #shortened: number | undefined;

  /** @param options `signedIn`: ID of the user of this page; null without accounts */
  constructor({ queue, state, transport, commands, refresh, signedIn = () => null, callbacks, random = Math.random, keepsRefused = false }: {queue: Pick<SessionQueue, "first" | "remove">, state: SessionState, transport: Transport, commands: {command(path: string, body: object, key: string): Promise<object>}, refresh: () => Promise<boolean>, signedIn?: () => string | null, callbacks: Callbacks, random?: () => number, keepsRefused?: boolean}) {
    this.#queue = queue;
    this.#state = state;
    this.transport = transport;
    this.#commands = commands;
    this.#refresh = refresh;
    this.#signedIn = signedIn;
    this.#callbacks = callbacks;
    this.#random = random;
    this.#keepsRefused = keepsRefused;
  }

  /** Deliver until `end` is called. */
  async run() {
    while (!this.#isEnded) {
      const entry: Entry | undefined = this.#isStopped ? undefined : await this.#insist(() => this.#queue.first(this.#state.sessionId));
      if (!entry && !this.#isStopped) this.#callbacks.sent?.();
      if (!entry) await this.#sleep(null);
      else await this.#deliver(entry);
    }
  }

  /** Continue: a new entry is queued, or a retry may succeed now. */
  poke() {
    this.#isPoked = true;
    this.#wake();
  }

  /** Continue after a stop: the user signed in, or the server is back. */
  resume() {
    this.#isStopped = false;
    this.#attempts = 0;
    this.poke();
  }

  /** End after the current entry. */
  end() {
    this.#isEnded = true;
    this.poke();
  }

  async #deliver(entry: Entry) {
    try {
      const number = this.#state.acknowledged + 1;
      const answer = await this.#send(entry);
      this.#isRefreshed = false;
      if (entry.kind === "chunk" && !this.#acknowledge(answer.seqAck ?? 0)) {
        this.#callbacks.mode("degraded");
        await this.#wait();
        return;
      }
      if (entry.kind === "chunk" && (answer.seqAck ?? 0) > number) return; // another browser's chunk has that number; send this one again
      this.#state.streamedSets = Math.max(this.#state.streamedSets ?? 0, answer.set ?? 0);
      this.#callbacks.mode(answer.mode === "degraded" ? "degraded" : "live");
      await this.#forget(entry);
      this.#callbacks.delivered(entry, answer);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      await this.#refused(entry, problem);
    }
  }

  #send(entry: Entry): Promise<Partial<Answer>> {
    if (entry.kind === "chunk") {
      const all = entry.bytes as Uint8Array;
      const bytes = entry.id === this.#shortened ? onlyTheEnd(all) ?? all : all;
      const sent = this.#attempts > 0 ? withoutPictures(bytes) : bytes; // repeated chunks have to be small
      return this.transport.send(numbered(sent, this.#state.acknowledged + 1));
    }
    const { kind, path, body, key } = entry as Required<Entry>;
    const streamed = kind === "complete" ? { streamedSets: this.#state.streamedSets ?? 0 } : {};
    return this.#commands.command(path, { ...body, ...streamed }, key);
  }

  /** Whether the server has stored the chunk that was sent. */
  #acknowledge(acknowledged: number) {
    if (acknowledged <= this.#state.acknowledged) return false;
    this.#state.acknowledged = acknowledged;
    return true;
  }

  async #forget(entry: Entry) {
    this.#attempts = 0;
    await this.#insist(() => this.#queue.remove(this.#state, entry));
  }

  /** Run a storage operation, and retry it until it succeeds: an entry that is not removed would be sent again under another number. */
  async #insist<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (this.#isEnded) throw error;
        this.#callbacks.failed(error);
        await this.#wait();
      }
    }
  }

  async #refused(entry: Entry, problem: Refusal) {
    const { code, expectedSequence } = problem;
    if (code === GAP && this.#acknowledge((expectedSequence ?? 0) - 1)) {
      return; // another browser has sent chunks of this session; send the same one after those
    } else if (isTemporary(problem)) {
      await this.#tryLater(problem);
    } else if (![null, this.#state.athleteId].includes(this.#signedIn())) {
      this.#stop(anotherUserProblem()); // the server refuses the user, whatever it says of the entry
    } else if (isOfUser(problem) || (HOPELESS.has(code) && this.#signedIn() !== null)) {
      await this.#askWhoItIs(problem);
    } else if (HOPELESS.has(code) || ((entry.kind === "start" || this.#keepsRefused) && !DONE.has(code))) {
      this.#stop(problem);
    } else {
      if (entry.kind === "chunk" && expectedSequence) this.#acknowledge(expectedSequence - 1);
      if (this.#shortens(entry)) {
        this.#callbacks.shortened(problem);
        return;
      }
      await this.#forget(entry);
      if (DONE.has(code)) this.#callbacks.delivered(entry, {});
      else this.#callbacks.refused(entry, problem);
    }
  }

  /** Whether the end of the set still has to be sent without its refused last frames. */
  #shortens({ id, kind, last, bytes }: Entry) {
    if (kind !== "chunk" || !last || id === this.#shortened || !bytes || !onlyTheEnd(bytes)) return false;
    this.#shortened = id;
    return true;
  }

  /** Renew a sign-in that is refused once; if that does not help, the user has to act, and everything is kept. */
  async #askWhoItIs(problem: Problem) {
    try {
      if (!this.#isRefreshed && (await this.#refresh())) this.#isRefreshed = true;
      else this.#stop(problem);
    } catch (error) {
      if (error instanceof Problem && error.code === ANOTHER_USER) this.#stop(error);
      else await this.#tryLater(error instanceof Problem ? error : unreachable()); // the renewal could not be attempted
    }
  }

  async #tryLater({ status, code }: Problem) {
    this.#callbacks.mode(status === 0 ? "offline" : NOT_YET.has(code) ? "degraded" : "device");
    await this.#wait();
  }

  #stop(problem: Problem) {
    this.#isRefreshed = false;
    this.#isStopped = true;
    this.#callbacks.stopped(problem);
    this.#callbacks.mode("device");
  }

  async #wait() {
    this.#attempts += 1;
    const until = performance.now() + pauseMs(this.#attempts, this.#random);
    // New frames are no reason to retry earlier.
    for (let left = until - performance.now(); left > 0 && !this.#isEnded && this.#attempts; left = until - performance.now()) {
      await this.#sleep(left);
    }
  }

  /** Wait for a wake-up or a time. */
  async #sleep(forMs: number | null) {
    if (!this.#isPoked) {
      await new Promise((resolve) => {
        const timer = forMs === null ? undefined : setTimeout(resolve, forMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve(undefined);
        };
      });
    }
    this.#isPoked = false;
  }
}
