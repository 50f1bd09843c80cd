/**
 * A voice for browsers that have none: the server speaks the coach's sentences, and this plays them.
 * @module
 */

import { answer, Problem, request } from "../api/client.js";

/** A cue that is fetched for longer is about a repetition that nobody remembers. */
const PATIENCE_MS = 3000;

/** Before a set there is more time. */
const PREPARING_MS = 15_000;

/** After a sentence that could not be had none is asked for, for so long; those at hand are spoken. */
const LEFT_ALONE_MS = 15_000;

/** Sentences that are fetched at the same time before a set. */
const AT_ONCE = 3;

/** A twentieth of a second of nothing: a player that was started by a gesture may be started again without one. */
function silence() {
  const [samples, rate] = [400, 8000];
  const text = (letters) => [...letters].map((each) => each.charCodeAt(0));
  const number = (value, bytes) => Array.from({ length: bytes }, (_, at) => (value >> (8 * at)) & 255);
  const format = [...number(16, 4), ...number(1, 2), ...number(1, 2), ...number(rate, 4), ...number(rate, 4), ...number(1, 2), ...number(8, 2)];
  const wave = [...text("RIFF"), ...number(36 + samples, 4), ...text("WAVEfmt "), ...format, ...text("data"), ...number(samples, 4), ...Array(samples).fill(128)];
  return URL.createObjectURL(new Blob([new Uint8Array(wave)], { type: "audio/wav" }));
}

/** The server's voice. @implements {import("./speech.js").Voice} */
export class ServedVoice {
  /** Sentences that are at hand, as addresses of their sounds. @type {Map<string, string>} */
  #sounds = new Map();
  /** Sentences to be had at hand, in this order, and how many fetch them. @type {string[]} */
  #left = [];
  #fetching = 0;
  #isServed = false;
  #leftAloneUntil = 0;
  #player;
  /** What is being spoken ends by this. @type {() => void} */
  #end = () => {};
  /** How often something was wished for: who waited meanwhile knows that it is over. */
  #wishes = 0;

  /** @param {HTMLAudioElement} [player] */
  constructor(player = document.createElement("audio")) {
    this.#player = player;
  }

  ready() {
    return this.#isServed;
  }

  /** Somebody pressed a button: from now on this page may play. */
  wake() {
    this.#player.src = silence();
    this.#player.play().catch(() => {}); // a browser that plays nothing now is asked again with the first sentence
  }

  /** Have at hand what may be said in a set of an exercise; the rest goes on without. @param {string} exercise @param {import("./speech.js").Ahead} ahead */
  async prepare(exercise, { soon, later }) {
    const query = new URLSearchParams({ exercise, language: document.documentElement.lang });
    let told;
    try {
      told = await request(`/v1/speech/phrases?${query}`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return; // what is at hand stays at hand
    }
    this.#isServed = told.served;
    if (!told.served) return;
    this.#left = [...soon, ...told.sentences, ...later].filter((sentence) => !this.#sounds.has(sentence));
    await Promise.all(Array.from({ length: AT_ONCE - this.#fetching }, () => this.#fetchAll()));
  }

  async #fetchAll() {
    this.#fetching += 1;
    try {
      for (let next = this.#left.shift(); next !== undefined; next = this.#left.shift()) {
        await this.#sound(next, PREPARING_MS);
        if (performance.now() < this.#leftAloneUntil) this.#left = []; // it is away: it is asked again when a cue is due
      }
    } finally { this.#fetching -= 1; }
  }

  /** The address of a sentence's sound; null where it cannot be had in time. @param {string} sentence @param {number} [patienceMs] @returns {Promise<string | null>} */
  async #sound(sentence, patienceMs = PATIENCE_MS) {
    const kept = this.#sounds.get(sentence);
    if (kept) return kept;
    if (performance.now() < this.#leftAloneUntil) return null;
    try {
      const query = new URLSearchParams({ text: sentence, language: document.documentElement.lang });
      const given = await answer(`/v1/speech?${query}`, { signal: AbortSignal.timeout(patienceMs) });
      const address = URL.createObjectURL(await given.blob());
      this.#sounds.set(sentence, address);
      return address;
    } catch (error) {
      if (!(error instanceof Problem || error instanceof DOMException || error instanceof TypeError)) throw error;
      if (!(error instanceof Problem) || error.status !== 422) this.#leftAloneUntil = performance.now() + LEFT_ALONE_MS;
      return null;
    }
  }

  /** Say sentences one after another; those that cannot be had are left out. @param {import("./speech.js").Words} words @returns {Promise<boolean>} whether any was heard, or it was hushed */
  async speak(words) {
    const mine = ++this.#wishes;
    const sounds = [words].flat().map((sentence) => this.#sound(sentence)); // all at once: they are to follow each other
    let isHeard = false;
    for (const coming of sounds) {
      const sound = await coming;
      if (mine !== this.#wishes) return true; // it was hushed
      if (sound && (await this.#play(sound))) isHeard = true;
      if (mine !== this.#wishes) return true;
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
      player.play().catch((error) => resolve(error.name === "AbortError")); // hushed before it began
    });
  }

  hush() {
    this.#wishes += 1;
    this.#end();
  }
}
