/**
 * Break skipper: jumps over breaks during playback. The setting is stored in this browser.
 * @module
 */

import { announce } from "../ui/dom.ts";
import { length } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { breakAt, breaksOf } from "./breaks.ts";
import type { Stretch } from "./markers.ts";
import type { Replay } from "./replay.ts";
import { storeValue } from "../stores/browser-storage.ts";

const STORED = "kinelog.skip-breaks";

/** Skips the breaks of one replay; `button` toggles it. */
export class BreakSkipper {
  #isOn = localStorage.getItem(STORED) === "on";
  #breaks: Stretch[] = [];
  #replay;
  #button;

  constructor(replay: Replay, button: HTMLElement) {
    this.#replay = replay;
    this.#button = button;
    button.setAttribute("aria-pressed", String(this.#isOn));
    button.addEventListener("click", () => this.toggle());
  }

  /** Find the breaks of the recording; hide the button if there are none. */
  list() {
    const { markers, start, end } = this.#replay;
    this.#breaks = breaksOf(markers, start, end);
    this.#button.hidden = this.#breaks.length === 0;
  }

  toggle() {
    if (this.#breaks.length === 0) return announce(t("replay-no-breaks"));
    this.#isOn = !this.#isOn;
    storeValue(STORED, this.#isOn ? "on" : "off");
    this.#button.setAttribute("aria-pressed", String(this.#isOn));
    announce(this.#isOn ? t("replay-breaks-skipped") : t("replay-breaks-shown"));
  }

  /** Jump over the current break; loops are played as they are. @param time seconds */
  follow(time: number) {
    const { isPlaying, isWaiting, loop } = this.#replay;
    if (!this.#isOn || !isPlaying || isWaiting || loop) return;
    const now = breakAt(this.#breaks, time);
    if (!now) return;
    this.#replay.seek(now.endS);
    announce(t("replay-break-skipped", { length: length(1000 * (now.endS - time)) }));
  }
}
