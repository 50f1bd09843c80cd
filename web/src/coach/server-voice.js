/**
 * Voice for browsers without one: the server synthesizes the sentences of the coach, and this plays them.
 * @module
 */

import { answer, Problem, request } from "../api/client.js";

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
  const text = (/** @type {string} */ letters) => [...letters].map((each) => each.charCodeAt(0));
  const number = (/** @type {number} */ value, /** @type {number} */ bytes) => Array.from({ length: bytes }, (_, at) => (value >> (8 * at)) & 255);
  const format = [...number(16, 4), ...number(1, 2), ...number(1, 2), ...number(rate, 4), ...number(rate, 4), ...number(1, 2), ...number(8, 2)];
  const wave = [...text("RIFF"), ...number(36 + samples, 4), ...text("WAVEfmt "), ...format, ...text("data"), ...number(samples, 4), ...Array(samples).fill(128)];
  return URL.createObjectURL(new Blob([new Uint8Array(wave)], { type: "audio/wav" }));
}

/** Result of a load, or null if it takes longer. @param {Promise<string | null>} loading @param {number} ms @returns {Promise<string | null>} */
async function within(loading, ms) {
  let timer;
  /** @type {Promise<null>} */
  const expired = new Promise((resolve) => { timer = setTimeout(resolve, ms, null); });
  try { return await Promise.race([loading, expired]); } finally { clearTimeout(timer); }
}

/** @typedef {import("./speech.js").Voice} Voice */

/** The server's voice. @implements {Voice} */
export class ServerVoice {
  /** Loaded sentences and the URLs of their sounds. @type {Map<string, string>} */
  #sounds = new Map();
  /** Sentences that are being loaded. @type {Map<string, Promise<string | null>>} */
  #loading = new Map();
  /** Sentences to load, in this order. @type {string[]} */
  #left = [];
  #fetching = 0;
  #isServed = false;
  #leftAloneUntil = 0;
  #player;
  /** Ends the sentence that is being spoken. @type {() => void} */
  #end = () => {};
  /** Increases with each request to speak or hush; older ones compare it and give up. */
  #calls = 0;

  /** @param {HTMLAudioElement} [player] */
  constructor(player = document.createElement("audio")) {
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

  /** Load the sentences that a set of an exercise may need. @param {string} exercise @param {import("./speech.js").Ahead} ahead */
  async prepare(exercise, { soon, later }) {
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
    const isRequested = (/** @type {string} */ sentence) => this.#sounds.has(sentence) || this.#loading.has(sentence);
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

  /** URL of the sound of a sentence; null if it cannot be loaded in time. A sentence that is being loaded is not requested again. @param {string} sentence @param {number} [patienceMs] @returns {Promise<string | null>} */
  async #sound(sentence, patienceMs = PATIENCE_MS) {
    const kept = this.#sounds.get(sentence);
    if (kept) return kept;
    const coming = this.#loading.get(sentence);
    if (coming) return within(coming, patienceMs);
    if (performance.now() < this.#leftAloneUntil) return null;
    const loading = this.#load(sentence, patienceMs).finally(() => this.#loading.delete(sentence));
    this.#loading.set(sentence, loading);
    return loading;
  }

  /** @param {string} sentence @param {number} patienceMs @returns {Promise<string | null>} */
  async #load(sentence, patienceMs) {
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

  /** Speak sentences in order; those that cannot be loaded are skipped. @param {import("./speech.js").Words} words @returns {Promise<boolean>} whether any was heard, or hushed */
  async speak(words) {
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

  /** @param {string} address @returns {Promise<boolean>} whether it was heard, or hushed */
  #play(address) {
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
