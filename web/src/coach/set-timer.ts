/**
 * Time of a set, without its pauses.
 * @module
 */

import { useWorkoutStore } from "../stores/workout.ts";
import { announce } from "../ui/dom.ts";
import { Stopwatch } from "../ui/stopwatch.ts";
import { cheer } from "./sounds.ts";
import { t } from "../i18n/l10n.ts";

/** Interval at which the shown time is checked. */
const TICK_MS = 200;

/** Times each set, and shows the time of a set that is counted manually. */
export class SetTimer {
  #store = useWorkoutStore;
  #stopwatch = new Stopwatch();
  #isHold = false;
  #ticks: ReturnType<typeof setInterval> | undefined;

  /** Whether the set is a hold that is timed here, not by the camera. */
  get isHold() { return this.#isHold; }

  /** Length of the hold in milliseconds, without pauses; 0 if the set is none. */
  get heldMs() { return this.#isHold ? this.#stopwatch.milliseconds : 0; }

  /** Start with a set. @param set a hold is timed for its length, with a goal in seconds */
  start({ isManual, isHold }: {isManual: boolean, isHold: boolean}) {
    this.#isHold = isManual && isHold;
    this.#stopwatch.start();
    clearInterval(this.#ticks);
    if (isManual) this.#ticks = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Pause or resume. */
  pause(isPaused: boolean) { this.#stopwatch.pause(isPaused); }

  /** Stop; the elapsed time can still be read. */
  stop() {
    this.#stopwatch.stop();
    clearInterval(this.#ticks);
  }

  #tick() {
    const { seconds } = this.#stopwatch;
    const { elapsedS, target } = this.#store.get();
    if (seconds === elapsedS) return;
    this.#store.set({ elapsedS: seconds, ...(this.#isHold && { heldMs: 1000 * seconds }) });
    if (!this.#isHold || target === null || elapsedS >= target || seconds < target) return;
    cheer();
    announce(t("seconds-goal", { count: target }));
  }
}
