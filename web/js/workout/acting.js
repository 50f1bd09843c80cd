/**
 * What is pressed and said, as the workout stands: one great button does what comes next.
 * @module
 */

import { announce, byId } from "../dom.js";
import { useWorkoutStore } from "../stores/workout.js";

/** @typedef {import("../coach/intents.js").Intent} Intent */
/** @typedef {{player: import("./player.js").Player, useCamera: () => void, end: () => void}} Hands */

/** So long the great button takes no second press after a set: one that ends by itself just then must not cost its rest. */
const CHANGED_MS = 500;

const END = { first: "End workout", sure: "Press again to end" };

const store = useWorkoutStore;

/** What the great button does, the keys and the words that somebody says. */
export class Acts {
  #player;
  #useCamera;
  #end;

  /** @param {Hands} hands */
  constructor({ player, useCamera, end }) {
    this.#player = player;
    this.#useCamera = useCamera;
    this.#end = end;
  }

  /** Do what comes next. */
  main() {
    const { guided, mode, seeing, armed } = store.get();
    switch (guided?.phase) {
      case undefined: return;
      case "countdown": this.#player.cancel(); return;
      case "performing": this.#player.finish(); return;
      case "logging": this.#player.log(byId("log").amount); return;
      case "over": this.#end(); return;
      default:
        if (armed) this.#player.cancel();
        else if (mode === "landmarks" && !seeing) this.#useCamera();
        else this.#player.ready();
    }
  }

  /** Do what was said; what makes no sense at the moment does nothing. @param {Intent} intent */
  said(intent) {
    const { guided, paused } = store.get();
    const phase = guided?.phase;
    if (intent === "next") this.main();
    else if (intent === "start" && paused) this.#player.pause();
    else if (intent === "start" && (phase === "instructions" || phase === "rest")) this.main();
    else if (intent === "stop" && (phase === "performing" || phase === "logging")) this.main();
    else if (intent === "pause" && guided && !paused) this.#player.pause();
    else if (intent === "undo" && guided) this.#player.undo();
  }

  /** Do what a key asks for. @param {"s" | "p" | "n" | "u"} key */
  key(key) {
    const { guided, stage } = store.get();
    if (!guided || stage === "summary") return;
    if (key === "p") this.#player.pause();
    else if (key === "u") this.#player.undo();
    else this.main();
  }

  /** Let the buttons do it. */
  listen() {
    const on = (id, act) => byId(id).addEventListener("click", act);
    on("main-act", () => { if (byId("main-act").getAttribute("aria-disabled") !== "true") this.main(); });
    on("anyway", () => this.#player.ready({ anyway: true }));
    on("count", () => this.#player.tap());
    on("pause", () => this.#player.pause());
    on("undo", () => this.#player.undo());
    on("skip", () => this.#player.skip(false));
    on("more-acts", () => this.#showMore(byId("rarely").hidden));
    on("skip-exercise", () => this.#player.skip(true));
    on("end", () => this.#endOrAsk());
    store.subscribe(({ guided }, before) => { if (guided && guided.phase !== before.guided?.phase) this.#entered(before.guided?.phase); });
  }

  /** @param {import("./machine.js").Phase | undefined} left */
  #entered(left) {
    this.#showMore(false);
    const isHeld = left === "performing";
    byId("main-act").setAttribute("aria-disabled", String(isHeld));
    if (isHeld) setTimeout(() => byId("main-act").setAttribute("aria-disabled", "false"), CHANGED_MS);
  }

  /** What cannot be taken back takes two presses. */
  #endOrAsk() {
    const end = byId("end");
    if (end.textContent === END.sure) this.#end();
    else announce((end.textContent = END.sure));
  }

  /** What is rarely wanted. @param {boolean} isShown */
  #showMore(isShown) {
    byId("end").textContent = END.first;
    byId("rarely").hidden = !isShown;
    byId("more-acts").setAttribute("aria-expanded", String(isShown));
  }
}

let isBusy = false;

/** Whoever presses twice is served once. @param {() => Promise<void>} work */
export async function once(work) {
  if (isBusy) return;
  isBusy = true;
  await work().finally(() => { isBusy = false; });
}
