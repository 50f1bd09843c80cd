/**
 * Speech output: one cue at a time; an urgent cue interrupts.
 * @module
 */

import { ServerVoice } from "./server-voice.ts";
import { chime } from "./sounds.ts";

/** A sentence, or several in order. */
export type Words = string | string[];
/** Sentences of a set besides the cues of its exercise: `soon` are loaded before these, `later` after them. */
export type Ahead = {soon: string[], later: string[]};

/**
 * A speech synthesizer. `ready` tells whether it can speak now. `speak` resolves when it has spoken
 * or was hushed, with false if it failed. `hush` stops it at once. `prepare` loads what a set may
 * need, and `wake` is called in a user gesture.
 */
export interface Voice {
  ready: () => boolean;
  speak: (words: Words) => Promise<boolean>;
  hush: () => void;
  prepare?: (exercise: string, ahead: Ahead) => Promise<void>;
  wake?: () => void;
}

/** Web Speech API errors that mean the utterance was interrupted. */
const HUSHED = new Set(["canceled", "interrupted"]);

/** The browser's voice (Web Speech API). */
export class BrowserVoice implements Voice {
  #failed = false;

  constructor() {
    this.ready(); // browsers load their voices on the first request
  }

  /** Whether the browser has a voice; voices may load after the page. After a failure it is not used again. */
  ready() {
    return !this.#failed && typeof speechSynthesis !== "undefined" && speechSynthesis.getVoices().length > 0;
  }

  speak(words: Words): Promise<boolean> {
    return new Promise((resolve) => {
      const utterance = new SpeechSynthesisUtterance([words].flat().join(" "));
      utterance.lang = document.documentElement.lang;
      utterance.onend = () => resolve(true);
      utterance.onerror = ({ error }) => {
        if (!HUSHED.has(error)) this.#failed = true;
        resolve(HUSHED.has(error));
      };
      speechSynthesis.speak(utterance);
    });
  }

  hush() {
    speechSynthesis.cancel();
  }
}

/** Speaks cues by the first available voice; without one, a chime points to the caption. */
export class Speaker {
  #voices;
  #speaking = false;
  /** Whether the current utterance gives way to any other. */
  #isPassing = false;
  /** Increases with each utterance, so that an utterance can tell whether it is the latest. */
  #turns = 0;

  /** Whether the athlete wants a voice. */
  wanted = true;

  /** Called with a text that every voice failed to speak. */
  onSilent: (text: string) => void = () => {};

  /** @param voices in order of preference */
  constructor(voices: Voice[] = [new BrowserVoice(), new ServerVoice()]) {
    this.#voices = voices;
  }

  /** Whether a voice is speaking more than a count. */
  get isSpeaking() {
    return this.#speaking && !this.#isPassing;
  }

  /** What the voices are prepared for. */
  #exercise = "";
  #ahead: Ahead = { soon: [], later: [] };

  /** Unlock the voices; call it in a user gesture. */
  wake() {
    if (this.wanted) for (const voice of this.#voices) voice.wake?.();
  }

  /** Prepare for a set of an exercise; the other voices load it only if the first one is unavailable. */
  async prepare(exercise: string, ahead: Ahead = { soon: [], later: [] }): Promise<void> {
    this.#exercise = exercise;
    this.#ahead = ahead;
    const [first, ...others] = this.#voices;
    if (this.wanted && !first.ready()) await Promise.all(others.map((voice) => voice.prepare?.(exercise, ahead)));
  }

  /**
   * Speak a cue unless another one is being spoken; an urgent cue interrupts. A `passing` utterance,
   * such as a count, gives way to any other and has no chime as fallback.
   * @param words empty for only a sound
   * @returns whether a voice speaks it
   */
  say(words: Words, { urgent = false, passing = false }: {urgent?: boolean, passing?: boolean} = {}): boolean {
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

  async #speak(words: Words, able: Voice[], mine: number) {
    const passing = this.#isPassing;
    for (const voice of able) {
      if (await voice.speak(words)) return;
      if (this.#turns !== mine) return;
    }
    if (!passing) {
      chime();
      this.onSilent([words].flat().join(" "));
    }
    await this.prepare(this.#exercise, this.#ahead); // prepare the remaining voices, as the failed one is no longer ready
  }

  /** Stop speaking. */
  hush() {
    if (this.#speaking) for (const voice of this.#voices) voice.hush();
  }
}
