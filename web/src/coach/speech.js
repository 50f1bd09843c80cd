/**
 * A coach says one thing at a time; what is urgent interrupts.
 * @module
 */

import { ServedVoice } from "./server-voice.js";
import { chime } from "./sounds.js";

/** What is said: a sentence, or several one after another. @typedef {string | string[]} Words */
/** What a set needs besides the cues of its exercise: `soon` before these, `later` after them. @typedef {{soon: string[], later: string[]}} Ahead */

/**
 * Something that can speak: `ready` says whether it could now, `speak` resolves when it has spoken
 * or was hushed, with false where it could not, `hush` stops it in mid-word. `prepare` has at hand
 * what a set may need, and `wake` is called by a gesture.
 * @typedef {object} Voice
 * @property {() => boolean} ready
 * @property {(words: Words) => Promise<boolean>} speak
 * @property {() => void} hush
 * @property {(exercise: string, ahead: Ahead) => Promise<void>} [prepare]
 * @property {() => void} [wake]
 */

/** Errors of the Web Speech API that say only that somebody else is to be heard. */
const HUSHED = new Set(["canceled", "interrupted"]);

/** The browser's voice by the Web Speech API. @implements {Voice} */
export class BrowserVoice {
  #failed = false;

  constructor() {
    this.ready(); // browsers look for their voices when they are first asked
  }

  /** Voices may arrive after the page; a browser without any is silent, and one that failed once stays so. */
  ready() {
    return !this.#failed && typeof speechSynthesis !== "undefined" && speechSynthesis.getVoices().length > 0;
  }

  /** @param {Words} words @returns {Promise<boolean>} */
  speak(words) {
    return new Promise((resolve) => {
      const said = new SpeechSynthesisUtterance([words].flat().join(" "));
      said.lang = document.documentElement.lang;
      said.onend = () => resolve(true);
      said.onerror = ({ error }) => {
        if (!HUSHED.has(error)) this.#failed = true;
        resolve(HUSHED.has(error));
      };
      speechSynthesis.speak(said);
    });
  }

  hush() {
    speechSynthesis.cancel();
  }
}

/** Speaks cues by the first voice that can; where none can, a sound points to the caption. */
export class Speaker {
  #voices;
  #speaking = false;
  /** What is being said gives way to anything else. */
  #isPassing = false;
  /** How often something was said: who has spoken knows whether it was the latest. */
  #turns = 0;

  /** Whether the athlete wants a voice. */
  wanted = true;

  /** Told a sentence that every voice failed at, besides the sound. @type {(text: string) => void} */
  onSilent = () => {};

  /** @param {Voice[]} [voices] the fallback after the one before */
  constructor(voices = [new BrowserVoice(), new ServedVoice()]) {
    this.#voices = voices;
  }

  /** Whether a voice is heard now that says more than a count. */
  get isSpeaking() {
    return this.#speaking && !this.#isPassing;
  }

  /** What the voices got ready for. */
  #exercise = "";
  /** @type {Ahead} */
  #ahead = { soon: [], later: [] };

  /** Somebody pressed a button to begin: voices that need one may speak from now on. */
  wake() {
    if (this.wanted) for (const voice of this.#voices) voice.wake?.();
  }

  /** A set of an exercise comes; where the first voice is not to be had, the others get ready for it. @param {string} exercise @param {Ahead} [ahead] @returns {Promise<void>} */
  async prepare(exercise, ahead = { soon: [], later: [] }) {
    this.#exercise = exercise;
    this.#ahead = ahead;
    const [first, ...others] = this.#voices;
    if (this.wanted && !first.ready()) await Promise.all(others.map((voice) => voice.prepare?.(exercise, ahead)));
  }

  /**
   * Say a cue, unless another is being said; an urgent one is said at once. What is `passing`, as a
   * count, gives way to anything else, and where no voice can say it nothing points to it.
   * @param {Words} words empty where only a sound is wished
   * @param {{urgent?: boolean, passing?: boolean}} [how]
   * @returns {boolean} whether a voice says it
   */
  say(words, { urgent = false, passing = false } = {}) {
    const able = this.wanted && words.length ? this.#voices.filter((each) => each.ready()) : [];
    if (!able.length) {
      if (!passing) chime();
      return false;
    }
    if (this.#speaking && !this.#isPassing && !urgent) return false;
    this.hush();
    this.#speaking = true;
    this.#isPassing = passing;
    const mine = ++this.#turns;
    void this.#speak(words, able, mine).finally(() => { if (this.#turns === mine) this.#speaking = false; });
    return true;
  }

  /** @param {Words} words @param {Voice[]} able @param {number} mine */
  async #speak(words, able, mine) {
    const passing = this.#isPassing;
    for (const voice of able) {
      if (await voice.speak(words)) return;
      if (this.#turns !== mine) return;
    }
    if (!passing) {
      chime();
      this.onSilent([words].flat().join(" "));
    }
    await this.prepare(this.#exercise, this.#ahead); // the voice that failed now does so no more, and the others may not know yet
  }

  /** Be silent. */
  hush() {
    if (this.#speaking) for (const voice of this.#voices) voice.hush();
  }
}
