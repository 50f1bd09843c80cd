/**
 * Voice control in the language of the page: the browser recognizes the words, the server the intent. If the server is
 * unavailable, a few phrases are recognized locally.
 * @module
 */

import { Problem, send } from "../api/client.ts";
import { announce } from "../ui/dom.ts";
import type { Intent } from "./intents.ts";
import { VoiceActivity } from "./voice-activity.ts";
import { t } from "../i18n/l10n.ts";

/** Delay before recognition is restarted after a failure, for example without a network. */
const AGAIN_MS = 3000;

/** Measuring interval of the loudness. */
const EVERY_MS = 50;

/** Intents of the server that have a shorter name here. */
const SHORTER: Record<string, Intent> = { undo_repetition: "undo", swap_exercise: "swap" };

/** The part of the Web Speech API that is used here; TypeScript's library lacks it. */
interface Recognizer {
  continuous: boolean;
  interimResults: boolean;
  lang: string;
  onresult: (event: Recognized) => void;
  onend: () => void;
  onerror: (event: {error: string}) => void;
  start: () => void;
  abort: () => void;
}
type Recognized = {resultIndex: number, results: {isFinal: boolean, 0: {transcript: string}}[]};
type Recognizers = Partial<Record<"SpeechRecognition" | "webkitSpeechRecognition", new () => Recognizer>>;

const { SpeechRecognition, webkitSpeechRecognition } = globalThis as Recognizers;
const Recognition = SpeechRecognition ?? webkitSpeechRecognition;

/** Whether this browser supports speech recognition. */
export const canListen = Boolean(Recognition && navigator.mediaDevices);

/** Languages that can be spoken, as browsers name them. */
const SPOKEN = { en: "en-US", es: "es-ES", ru: "ru-RU" };

/** The language of the page, which a browser may have translated, or else English. */
function spokenLanguage() {
  const { lang } = document.documentElement;
  return lang in SPOKEN ? lang as keyof typeof SPOKEN : "en";
}

/** Load the phrases that are recognized here; null without a connection. */
const loadPhrases = () => import("./intents.ts").catch(() => null);

async function recognizeIntent(text: string, exercise: string): Promise<{intent: Intent | null, exercise: string | null}> {
  const language = spokenLanguage();
  try {
    const { intent, substitution } = await send("POST", "/v1/intents", { text, exercise, language });
    return { intent: intent === "unknown" ? null : SHORTER[intent] ?? intent, exercise: substitution?.exercise ?? null };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { intent: (await loadPhrases())?.intentOf(text, language) ?? null, exercise: null };
  }
}

/** Recognizes voice commands until stopped. */
export class Listener {
  #activity = new VoiceActivity();
  #microphone: MediaStream | null = null;
  #studio: AudioContext | null = null;
  #recognition: Recognizer | null = null;
  #timer = 0;
  /** Increases with each start and stop; an older start compares it and gives up. */
  #attempts = 0;
  #callbacks;

  constructor(callbacks: {exercise: () => string, isSpeaking: () => boolean, onIntent: (intent: Intent, exercise: string | null) => void}) {
    this.#callbacks = callbacks;
  }

  /** Request the microphone and listen. @throws {DOMException} where it is refused */
  async start() {
    if (this.#recognition || !Recognition) return;
    const attempt = ++this.#attempts;
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    if (attempt !== this.#attempts) {
      for (const track of microphone.getTracks()) track.stop();
      return;
    }
    this.#microphone = microphone;
    this.#measure(microphone);
    const recognition = new Recognition();
    Object.assign(recognition, { continuous: true, interimResults: false, lang: SPOKEN[spokenLanguage()] });
    recognition.onresult = (event) => void this.#heard(event);
    for (const track of microphone.getTracks()) track.addEventListener("ended", () => { if (this.#microphone === microphone) this.#lost(); });
    let isFailing = false;
    const again = () => { if (this.#recognition === recognition) recognition.start(); };
    recognition.onend = () => { // browsers end recognition after a silence
      if (isFailing) setTimeout(again, AGAIN_MS);
      else again();
      isFailing = false;
    };
    recognition.onerror = ({ error }: {error: string}) => {
      if (error === "not-allowed" || error === "service-not-allowed") this.#lost();
      isFailing = error !== "no-speech";
    };
    this.#recognition = recognition;
    recognition.start();
    void loadPhrases(); // while there is a connection
  }

  /** Stop after the microphone was lost. */
  #lost() {
    this.stop();
    announce(t("microphone-gone"));
  }

  /** Listen if the user allows the microphone. */
  async startIfAllowed() {
    try {
      await this.start();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      announce(t("microphone-denied"));
    }
  }

  /** Stop listening. */
  stop() {
    this.#attempts += 1;
    clearInterval(this.#timer);
    const recognition = this.#recognition;
    this.#recognition = null;
    recognition?.abort();
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    void this.#studio?.close();
    this.#microphone = this.#studio = null;
  }

  #measure(microphone: MediaStream) {
    this.#studio = new AudioContext();
    const ear = this.#studio.createAnalyser();
    this.#studio.createMediaStreamSource(microphone).connect(ear);
    const wave = new Float32Array(ear.fftSize);
    this.#timer = setInterval(() => {
      ear.getFloatTimeDomainData(wave);
      this.#activity.hear(Math.sqrt(wave.reduce((sum, each) => sum + each * each, 0) / wave.length), performance.now());
    }, EVERY_MS);
  }

  /** Handle a recognition result; ignore the coach's own voice and results without speech. */
  async #heard({ resultIndex, results }: Recognized) {
    const result = results[resultIndex];
    if (!result?.isFinal || this.#callbacks.isSpeaking() || !this.#activity.spokeLately(performance.now())) return;
    const { intent, exercise } = await recognizeIntent(result[0].transcript.trim().slice(0, 200), this.#callbacks.exercise());
    if (intent && this.#recognition) this.#callbacks.onIntent(intent, exercise);
  }
}
