/**
 * Actions of the player: the main button does what comes next; voice and keys use the same actions.
 * @module
 */

import { announce, byId } from "../ui/dom.ts";
import { useWorkoutStore } from "../stores/workout.ts";
import { t } from "../i18n/l10n.ts";
import type { Intent } from "../coach/intents.ts";
import type { Player } from "./player.ts";
import type { Phase } from "./state-machine.ts";

/** `swap` the next exercise for the requested one, or another */
type Dependencies = {player: Player, useCamera: () => void, end: () => void, swap: (exercise: string | null) => void};

/** The main button ignores presses for this long after a set, so that a press meant for a set that just ended does not skip the rest. */
const CHANGED_MS = 500;

/** Actions that cannot be undone need two presses: labels before the first and before the second. */
const CONFIRMATIONS = { end: [t("end-workout"), t("press-to-end")], "skip-exercise": [t("skip-exercise"), t("press-to-skip")] };

const store = useWorkoutStore;

/** Actions of the main button, the keys and voice commands. */
export class Actions {
  #player;
  #useCamera;
  #end;
  #swap;

  constructor({ player, useCamera, end, swap }: Dependencies) {
    this.#player = player;
    this.#useCamera = useCamera;
    this.#end = end;
    this.#swap = swap;
  }

  /** Do what comes next. */
  main() {
    const { guided, mode, seeing, armed } = store.get();
    switch (guided?.phase) {
      case undefined: return;
      case "countdown": this.#player.cancel(); return;
      case "performing": this.#player.finish(); return;
      case "logging": this.#log(byId<"amount-field">("log").checked()); return;
      case "over": this.#end(); return;
      default:
        if (armed) this.#player.cancel();
        else if (!byId<"exercise-brief">("brief").checked()) return;
        else if (mode === "landmarks" && !seeing) this.#useCamera();
        else this.#player.ready();
    }
  }

  /** @param amount null if the input is not a valid amount */
  #log(amount: number | null) {
    if (amount !== null) this.#player.log(amount);
  }

  /** Run a voice command; one that does not apply at the moment does nothing. @param exercise that was named */
  runIntent(intent: Intent, exercise: string | null) {
    const { guided, paused } = store.get();
    const phase = guided?.phase;
    if (intent === "next") this.main();
    else if (intent === "start" && paused) this.#player.pause();
    else if (intent === "start" && (phase === "instructions" || phase === "rest")) this.main();
    else if (intent === "stop" && (phase === "performing" || phase === "logging")) this.main();
    else if (intent === "pause" && guided && !paused) this.#player.pause();
    else if (intent === "undo" && guided) this.#player.undo();
    else if (intent === "swap") this.#swap(exercise);
  }

  /** Run the action of a key. */
  key(key: "s" | "p" | "n" | "u") {
    const { guided, stage } = store.get();
    if (!guided || stage === "summary") return;
    if (key === "p") this.#player.pause();
    else if (key === "u") this.#player.undo();
    else this.main();
  }

  /** Connect the buttons. */
  listen() {
    const on = (id: string, act: () => void) => byId(id).addEventListener("click", act);
    on("main-action", () => { if (byId("main-action").getAttribute("aria-disabled") !== "true") this.main(); });
    on("override-checks", () => this.#player.ready({ anyway: true }));
    on("count", () => this.#player.tap());
    on("pause", () => this.#player.pause());
    on("undo", () => this.#player.undo());
    on("skip", () => this.#player.skip(false));
    on("more-actions-toggle", () => this.#showMore(byId("more-actions").hidden));
    on("skip-exercise", () => this.#confirmTwice("skip-exercise", () => this.#player.skip(true)));
    on("end", () => this.#confirmTwice("end", this.#end));
    store.subscribe(({ guided }, before) => { if (guided && guided.phase !== before.guided?.phase) this.#entered(before.guided?.phase); });
  }

  #entered(left: Phase | undefined) {
    this.#showMore(false);
    const isHeld = left === "performing";
    byId("main-action").setAttribute("aria-disabled", String(isHeld));
    if (isHeld) setTimeout(() => byId("main-action").setAttribute("aria-disabled", "false"), CHANGED_MS);
  }

  /** @param id of the button */
  #confirmTwice(id: keyof typeof CONFIRMATIONS, act: () => void) {
    const [, confirmTwice] = CONFIRMATIONS[id];
    const button = byId(id);
    if (button.textContent !== confirmTwice) {
      announce((button.textContent = confirmTwice));
      return;
    }
    act();
    this.#showMore(false);
  }

  /** Show or hide the rarely used actions. */
  #showMore(isShown: boolean) {
    for (const [id, [first]] of Object.entries(CONFIRMATIONS)) byId(id).textContent = first;
    byId("more-actions").hidden = !isShown;
    byId("more-actions-toggle").setAttribute("aria-expanded", String(isShown));
  }
}

let isBusy = false;

/** Run one task at a time; calls during a task are ignored. */
export async function once(work: () => Promise<void>) {
  if (isBusy) return;
  isBusy = true;
  await work().finally(() => { isBusy = false; });
}
