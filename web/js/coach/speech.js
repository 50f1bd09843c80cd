/**
 * A coach says one thing at a time; what is urgent interrupts.
 * @module
 */

import { ServedVoice } from "./served-voice.js";
import { chime } from "./sounds.js";

/**
 * Something that can speak: `ready` says whether it could now, `speak` resolves when it has spoken
 * or was hushed, with false where it could not, `hush` stops it in mid-word. `prepare` has at hand
 * what an exercise may need, and `wake` is called by a gesture.
 * @typedef {object} Voice
 * @property {() => boolean} ready
 * @property {(text: string) => Promise<boolean>} speak
 * @property {() => void} hush
 * @property {(exercise: string) => Promise<void>} [prepare]
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

  /** @param {string} text @returns {Promise<boolean>} */
  speak(text) {
    return new Promise((resolve) => {
      const words = new SpeechSynthesisUtterance(text);
      words.lang = document.documentElement.lang;
      words.onend = () => resolve(true);
      words.onerror = ({ error }) => {
        if (!HUSHED.has(error)) this.#failed = true;
        resolve(HUSHED.has(error));
      };
      speechSynthesis.speak(words);
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

  /** Whether a voice is heard now. */
  get isSpeaking() {
    return this.#speaking;
  }

  /** What the voices got ready for. */
  #exercise = "";

  /** Somebody pressed a button to begin: voices that need one may speak from now on. */
  wake() {
    if (this.wanted) for (const voice of this.#voices) voice.wake?.();
  }

  /** A set of an exercise comes; where the first voice is not to be had, the others get ready for it. @param {string} exercise @returns {Promise<void>} */
  async prepare(exercise) {
    this.#exercise = exercise;
    const [first, ...others] = this.#voices;
    if (this.wanted && !first.ready()) await Promise.all(others.map((voice) => voice.prepare?.(exercise)));
  }

  /**
   * Say a cue, unless another is being said; an urgent one is said at once.
   * @param {string} text empty where only a sound is wished
   * @param {{urgent?: boolean}} [how]
   * @returns {boolean} whether a voice says it
   */
  say(text, { urgent = false } = {}) {
    const able = this.wanted && text ? this.#voices.filter((each) => each.ready()) : [];
    if (!able.length) {
      chime();
      return false;
    }
    if (this.#speaking && !urgent) return false;
    this.hush();
    this.#speaking = true;
    const mine = ++this.#turns;
    void this.#speak(text, able, mine).finally(() => { if (this.#turns === mine) this.#speaking = false; });
    return true;
  }

  /** @param {string} text @param {Voice[]} able @param {number} mine */
  async #speak(text, able, mine) {
    for (const voice of able) {
      if (await voice.speak(text)) return;
      if (this.#turns !== mine) return;
    }
    chime();
    this.onSilent(text);
    await this.prepare(this.#exercise); // the voice that failed now does so no more, and the others may not know yet
  }

  /** Be silent. */
  hush() {
    if (this.#speaking) for (const voice of this.#voices) voice.hush();
  }
}
