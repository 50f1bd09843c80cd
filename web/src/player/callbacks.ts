/**
 * What the player of a workout tells its page.
 * @module
 */

import type { Cue } from "../coach/set-count.ts";

export interface Callbacks {
  onCue: (cue: Cue) => void;
  /** sentences to speak */
  onSay: (sentences: string[]) => void;
  onCountdown: (secondsLeft: number) => void;
  onProblem: (error: unknown) => void;
  /** the workout is completed */
  onOver: (id: string) => void;
  /** another device continued the workout; its new state is shown */
  onMoved: (restEndsMs: number | null) => void;
  /** load of the set that begins */
  loadKg: () => number | null;
}
