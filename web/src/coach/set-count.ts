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
  #onRemoval;

  /** @param onRemoval asks the server to remove one repetition of the current set */
  constructor(onCue: (cue: Cue) => void, onRemoval: () => void) {
    this.#onCue = onCue;
    this.#onRemoval = onRemoval;
  }

  /** A new set starts. */
  restart() {
    this.removeAll();
    this.#tally = new Tally();
    this.#cued.clear();
  }

  /** @param repetitions the device's count */
  device(repetitions: number) {
    this.#tally.device(repetitions);
    this.#show();
  }

  /** Remove one repetition. The server is asked once it has counted it; at once if its answers are delayed. */
  undo({ isDelayed }: {isDelayed: boolean}) {
    if (!this.#tally.undo()) return;
    this.#show();
    this.#remove(isDelayed);
  }

  /** Ask for the removals that still wait: no answer will come. */
  removeAll() {
    this.#remove(true);
  }

  /** Restore a repetition that could not be removed. */
  redo() {
    this.#tally.redo();
    this.#show();
  }

  /** @param answer of the server to a chunk @param isCaughtUp whether it has counted all but the latest frames */
  answered(answer: Answer, isCaughtUp: boolean) {
    const { set, stage } = this.#store.get();
    if (answer.pictureProblems?.some(({ code }: {code: string}) => code === CONSENT_MISSING)) this.#keepPictures();
    if (answer.set !== set) return;
    for (const cue of answer.cues) this.#cue(cue);
    if (answer.mode === "degraded") this.#tally.provisional(answer.repetitions);
    else if (answer.setOver || (stage === "rest" && isCaughtUp)) this.#tally.settle(answer.repetitions, answer.setOver);
    else this.#tally.server(answer.repetitions, isCaughtUp);
    this.#show();
    this.#remove();
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

  #remove(isAll = false) {
    for (let left = this.#tally.takeRemovals(isAll); left > 0; left -= 1) this.#onRemoval();
  }

  #show() {
    const { repetitions } = this.#tally;
    const { repetitions: shown, target } = this.#store.get();
    if (repetitions > shown) ding(repetitions, target);
    this.#store.set({ repetitions });
  }
}
