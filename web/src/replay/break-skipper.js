/**
 * Breaks of a recording are jumped over while it is played, if whoever looks wants that; this browser remembers it.
 * @module
 */

import { announce } from "../ui/dom.js";
import { length } from "../i18n/format.js";
import { breakAt, breaksOf } from "./breaks.js";

const STORED = "kinelog.skip-breaks";

/** Follows one replay; `button` is its switch. */
export class BreakSkipper {
  #isOn = localStorage.getItem(STORED) === "on";
  /** @type {import("./markers.js").Stretch[]} */
  #breaks = [];
  #replay;
  #button;

  /** @param {import("./replay.js").Replay} replay @param {HTMLElement} button */
  constructor(replay, button) {
    this.#replay = replay;
    this.#button = button;
    button.setAttribute("aria-pressed", String(this.#isOn));
    button.addEventListener("click", () => this.toggle());
  }

  /** Look where the breaks are; without any there is nothing to switch. */
  list() {
    const { markers, start, end } = this.#replay;
    this.#breaks = breaksOf(markers, start, end);
    this.#button.hidden = this.#breaks.length === 0;
  }

  toggle() {
    if (this.#breaks.length === 0) return announce("There are no breaks in this recording.");
    this.#isOn = !this.#isOn;
    localStorage.setItem(STORED, this.#isOn ? "on" : "off");
    this.#button.setAttribute("aria-pressed", String(this.#isOn));
    announce(this.#isOn ? "Breaks are skipped." : "Breaks are shown.");
  }

  /** Jump, if it is time to; what is looped is wanted as it is. @param {number} time seconds */
  follow(time) {
    const { isPlaying, isWaiting, loop } = this.#replay;
    if (!this.#isOn || !isPlaying || isWaiting || loop) return;
    const now = breakAt(this.#breaks, time);
    if (!now) return;
    this.#replay.seek(now.endS);
    announce(`${length(1000 * (now.endS - time))} of a break skipped.`);
  }
}
