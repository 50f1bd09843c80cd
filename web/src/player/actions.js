/**
 * Actions of the player: the main button does what comes next; voice and keys use the same actions.
 * @module
 */

import { announce, byId } from "../ui/dom.js";
import { useWorkoutStore } from "../stores/workout.js";
import { t } from "../i18n/l10n.js";

/** @typedef {import("../coach/intents.js").Intent} Intent */
/** @typedef {{player: import("./player.js").Player, useCamera: () => void, end: () => void, swap: (exercise: string | null) => void}} Dependencies `swap` the next exercise for the requested one, or another */

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

  /** @param {Dependencies} hands */
  constructor({ player, useCamera, end, swap }) {
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
      case "logging": this.#log(byId("log").checked()); return;
      case "over": this.#end(); return;
      default:
        if (armed) this.#player.cancel();
        else if (!byId("brief").checked()) return;
        else if (mode === "landmarks" && !seeing) this.#useCamera();
        else this.#player.ready();
    }
  }

  /** @param {number | null} amount null if the input is not a valid amount */
  #log(amount) {
    if (amount !== null) this.#player.log(amount);
  }

  /** Run a voice command; one that does not apply at the moment does nothing. @param {Intent} intent @param {string | null} exercise that was named */
  runIntent(intent, exercise) {
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

  /** Run the action of a key. @param {"s" | "p" | "n" | "u"} key */
  key(key) {
    const { guided, stage } = store.get();
    if (!guided || stage === "summary") return;
    if (key === "p") this.#player.pause();
    else if (key === "u") this.#player.undo();
    else this.main();
  }

  /** Connect the buttons. */
  listen() {
    const on = (/** @type {string} */ id, /** @type {() => void} */ act) => byId(id).addEventListener("click", act);
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

  /** @param {import("./state-machine.js").Phase | undefined} left */
  #entered(left) {
    this.#showMore(false);
    const isHeld = left === "performing";
    byId("main-action").setAttribute("aria-disabled", String(isHeld));
    if (isHeld) setTimeout(() => byId("main-action").setAttribute("aria-disabled", "false"), CHANGED_MS);
  }

  /** @param {keyof typeof CONFIRMATIONS} id of the button @param {() => void} act */
  #confirmTwice(id, act) {
    const [, confirmTwice] = CONFIRMATIONS[id];
    const button = byId(id);
    if (button.textContent !== confirmTwice) {
      announce((button.textContent = confirmTwice));
      return;
    }
    act();
    this.#showMore(false);
  }

  /** Show or hide the rarely used actions. @param {boolean} isShown */
  #showMore(isShown) {
    for (const [id, [first]] of Object.entries(CONFIRMATIONS)) byId(id).textContent = first;
    byId("more-actions").hidden = !isShown;
    byId("more-actions-toggle").setAttribute("aria-expanded", String(isShown));
  }
}

let isBusy = false;

/** Run one task at a time; calls during a task are ignored. @param {() => Promise<void>} work */
export async function once(work) {
  if (isBusy) return;
  isBusy = true;
  await work().finally(() => { isBusy = false; });
}
