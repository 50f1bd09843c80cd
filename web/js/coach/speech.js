/**
 * A coach says one thing at a time; what is urgent interrupts.
 * @module
 */

import { chime } from "./sounds.js";

/**
 * Something that can speak. The browser's own voice is one; a service such as Edge TTS becomes one by
 * playing its sound: `ready` says whether it could speak now, `speak` resolves when it has spoken,
 * `hush` stops it in mid-word.
 * @typedef {object} Voice
 * @property {() => boolean} ready
 * @property {(text: string) => Promise<void>} speak
 * @property {() => void} hush
 */

/** The browser's voice by the Web Speech API. @implements {Voice} */
export class BrowserVoice {
  /** Voices may arrive after the page; a browser without any is silent. */
  ready() {
    return typeof speechSynthesis !== "undefined" && speechSynthesis.getVoices().length > 0;
  }

  /** @param {string} text @returns {Promise<void>} */
  speak(text) {
    return new Promise((resolve) => {
      const words = new SpeechSynthesisUtterance(text);
      words.lang = document.documentElement.lang;
      words.onend = words.onerror = () => resolve();
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
  /** The latest sentence. @type {Promise<void> | null} */
  #saying = null;

  /** Whether the athlete wants a voice. */
  wanted = true;

  /** @param {Voice[]} [voices] the fallback after the one before */
  constructor(voices = [new BrowserVoice()]) {
    this.#voices = voices;
  }

  /** Whether a voice is heard now. */
  get isSpeaking() {
    return this.#speaking;
  }

  /**
   * Say a cue, unless another is being said; an urgent one is said at once.
   * @param {string} text
   * @param {{urgent?: boolean}} [how]
   * @returns {boolean} whether a voice says it
   */
  say(text, { urgent = false } = {}) {
    const voice = this.wanted ? this.#voices.find((each) => each.ready()) : undefined;
    if (!voice) {
      chime();
      return false;
    }
    if (this.#speaking && !urgent) return false;
    if (this.#speaking) voice.hush();
    this.#speaking = true;
    const saying = (this.#saying = voice.speak(text));
    void saying.finally(() => { if (this.#saying === saying) this.#speaking = false; });
    return true;
  }

  /** Be silent. */
  hush() {
    if (this.#speaking) for (const voice of this.#voices) voice.hush();
  }
}
