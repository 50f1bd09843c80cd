/**
 * Voice for browsers without one: the server synthesizes the sentences of the coach, and this plays them.
 * @module
 */

import { answer, Problem, request } from "../api/client.ts";
import type { Ahead, Voice, Words } from "./speech.ts";

/** Timeout for a cue during a set; a later one would be about a repetition long gone. */
const PATIENCE_MS = 3000;

/** Timeout for sentences that are loaded before a set. */
const PREPARING_MS = 15_000;

/** Pause after a failure, in which no new sentence is requested; loaded ones are still spoken. */
const LEFT_ALONE_MS = 15_000;

/** Number of concurrent requests before a set. */
const AT_ONCE = 3;

/** A twentieth of a second of silence. A player started by a user gesture may later play without one. */
function silence() {
  const [samples, rate] = [400, 8000];
  const text = (letters: string) => [...letters].map((each) => each.charCodeAt(0));
  const number = (value: number, bytes: number) => Array.from({ length: bytes }, (_, at) => (value >> (8 * at)) & 255);
  const format = [...number(16, 4), ...number(1, 2), ...number(1, 2), ...number(rate, 4), ...number(rate, 4), ...number(1, 2), ...number(8, 2)];
  const wave = [...text("RIFF"), ...number(36 + samples, 4), ...text("WAVEfmt "), ...format, ...text("data"), ...number(samples, 4), ...Array(samples).fill(128)];
  return URL.createObjectURL(new Blob([new Uint8Array(wave)], { type: "audio/wav" }));
}

/** Result of a load, or null if it takes longer. */
async function within(loading: Promise<string | null>, ms: number): Promise<string | null> {
  let timer;
  const expired: Promise<null> = new Promise((resolve) => { timer = setTimeout(resolve, ms, null); });
  try { return await Promise.race([loading, expired]); } finally { clearTimeout(timer); }
}

/** The server's voice. */
export class ServerVoice implements Voice {
  /** Loaded sentences and the URLs of their sounds. */
  #sounds: Map<string, string> = new Map();
  /** Sentences that are being loaded. */
  #loading: Map<string, Promise<string | null>> = new Map();
  /** Sentences to load, in this order. */
  #left: string[] = [];
  #fetching = 0;
  #isServed = false;
  #leftAloneUntil = 0;
  #player;
  /** Ends the sentence that is being spoken. */
  #end: () => void = () => {};
  /** Increases with each request to speak or hush; older ones compare it and give up. */
  #calls = 0;

  constructor(player: HTMLAudioElement = document.createElement("audio")) {
    this.#player = player;
  }

  ready() {
    return this.#isServed;
  }

  /** Unlock playback; call it in a user gesture. */
  wake() {
    this.#player.src = silence();
    this.#player.play().catch(() => {}); // a browser that refuses now is asked again with the first sentence
  }

  /** Load the sentences that a set of an exercise may need. */
  async prepare(exercise: string, { soon, later }: Ahead) {
    const query = new URLSearchParams({ exercise, language: document.documentElement.lang });
    let phrases;
    try {
      phrases = await request(`/v1/speech/phrases?${query}`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return; // loaded sentences stay available
    }
    this.#isServed = phrases.served;
    if (!phrases.served) return;
    const isRequested = (sentence: string) => this.#sounds.has(sentence) || this.#loading.has(sentence);
    this.#left = [...soon, ...phrases.sentences, ...later].filter((sentence) => !isRequested(sentence));
    await Promise.all(Array.from({ length: AT_ONCE - this.#fetching }, () => this.#fetchAll()));
  }

  async #fetchAll() {
    this.#fetching += 1;
    try {
      for (let next = this.#left.shift(); next !== undefined; next = this.#left.shift()) {
        await this.#sound(next, PREPARING_MS);
        if (performance.now() < this.#leftAloneUntil) this.#left = []; // the server is unavailable: try again when a cue is due
      }
    } finally { this.#fetching -= 1; }
  }

  /** URL of the sound of a sentence; null if it cannot be loaded in time. A sentence that is being loaded is not requested again. */
  async #sound(sentence: string, patienceMs: number = PATIENCE_MS): Promise<string | null> {
    const kept = this.#sounds.get(sentence);
    if (kept) return kept;
    const coming = this.#loading.get(sentence);
    if (coming) return within(coming, patienceMs);
    if (performance.now() < this.#leftAloneUntil) return null;
    const loading = this.#load(sentence, patienceMs).finally(() => this.#loading.delete(sentence));
    this.#loading.set(sentence, loading);
    return loading;
  }

  async #load(sentence: string, patienceMs: number): Promise<string | null> {
    try {
      const query = new URLSearchParams({ text: sentence, language: document.documentElement.lang });
      const response = await answer(`/v1/speech?${query}`, { signal: AbortSignal.timeout(patienceMs) });
      const address = URL.createObjectURL(await response.blob());
      this.#sounds.set(sentence, address);
      return address;
    } catch (error) {
      if (!(error instanceof Problem || error instanceof DOMException || error instanceof TypeError)) throw error;
      if (!(error instanceof Problem) || error.status !== 422) this.#leftAloneUntil = performance.now() + LEFT_ALONE_MS;
      return null;
    }
  }

  /** Speak sentences in order; those that cannot be loaded are skipped. @returns whether any was heard, or hushed */
  async speak(words: Words): Promise<boolean> {
    const mine = ++this.#calls;
    const sounds = [words].flat().map((sentence) => this.#sound(sentence)); // load all in parallel, so that they follow each other without gaps
    let isHeard = false;
    for (const coming of sounds) {
      const sound = await coming;
      if (mine !== this.#calls) return true; // hushed
      if (sound && (await this.#play(sound))) isHeard = true;
      if (mine !== this.#calls) return true;
    }
    return isHeard;
  }

  /** @returns whether it was heard, or hushed */
  #play(address: string): Promise<boolean> {
    return new Promise((resolve) => {
      const player = this.#player;
      this.#end = () => { player.pause(); resolve(true); };
      player.onended = () => resolve(true);
      player.onerror = () => resolve(false);
      player.src = address;
      player.play().catch((error) => resolve(error.name === "AbortError")); // hushed before it started
    });
  }

  hush() {
    this.#calls += 1;
    this.#end();
  }
}
