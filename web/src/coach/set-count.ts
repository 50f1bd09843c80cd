/**
 * Count and cues of a camera set, from the device's frames and the server's answers.
 * @module
 */

import { announce } from "../ui/dom.ts";
import { useWorkoutStore } from "../stores/workout.ts";
import { CONSENT_MISSING } from "./camera-consent.ts";
import { ding } from "./sounds.ts";
import { Tally } from "./tally.ts";
import { said, t } from "../i18n/l10n.ts";
import type { Answer } from "../live/http-transport.ts";

/** `cue` is shown, `say` is spoken; empty for silence */
export type Cue = {repetition: number, fault?: string | null, cue: string, say: string, atMs: number, urgent?: boolean};

/** Shows the count of the current set in the workout store. */
export class SetCount {
  #store = useWorkoutStore;
  #tally = new Tally();
  /** Cues already shown; a chunk that is sent again gets the same answer. */
  #cued = new Set();
  #onCue;

  constructor(onCue: (cue: Cue) => void) {
    this.#onCue = onCue;
  }

  /** A new set starts. */
  restart() {
    this.#tally = new Tally();
    this.#cued.clear();
  }

  /** @param repetitions the device's count */
  device(repetitions: number) {
    this.#tally.device(repetitions);
    this.#show();
  }

  /** Remove one repetition. @returns whether there was one */
  undo(): boolean {
    const isUndone = this.#tally.undo();
    if (isUndone) this.#show();
    return isUndone;
  }

  /** Restore a repetition that could not be removed. */
  redo() {
    this.#tally.redo();
    this.#show();
  }

  /** @param answer of the server to a chunk */
  answered(answer: Answer) {
    const { set, stage } = this.#store.get();
    if (answer.pictureProblems?.some(({ code }: {code: string}) => code === CONSENT_MISSING)) this.#keepPictures();
    if (answer.set !== set) return;
    for (const cue of answer.cues) this.#cue(cue);
    if (answer.mode === "degraded") this.#tally.provisional(answer.repetitions);
    else if (answer.setOver || stage === "rest") this.#tally.settle(answer.repetitions);
    else this.#tally.server(answer.repetitions);
    this.#show();
  }

  /** The athlete withdrew consent to send pictures, here or elsewhere; continue without. */
  #keepPictures() {
    if (!this.#store.get().images) return;
    this.#store.set({ images: false });
    announce(t("pictures-not-sent"));
  }

  #cue(cue: Cue) {
    const key = `${cue.atMs} ${cue.cue}`;
    if (this.#cued.has(key)) return;
    this.#cued.add(key);
    this.#onCue({ ...cue, cue: said(cue.cue), say: said(cue.say) });
  }

  #show() {
    const { repetitions } = this.#tally;
    const { repetitions: shown, target } = this.#store.get();
    if (repetitions > shown) ding(repetitions, target);
    this.#store.set({ repetitions });
  }
}
