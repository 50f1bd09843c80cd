/**
 * The rest between two sets, timed.
 * @module
 */

import { alarm } from "../coach/sounds.js";
import { announce, h } from "./dom.js";
import { clock } from "../i18n/format.js";

/** Seconds that one press adds or takes. */
const STEP_S = 15;

/** Seconds that a rest lasts at most. */
const LONGEST_S = 3600;

/**
 * `<rest-timer>`: counts down by the clock, not by ticks, so that a page in the background is right
 * too. Fires `rested` when the time is over, and `moved` ({byS}) when somebody wants more or less of it.
 */
export class RestTimer extends HTMLElement {
  /** Whether somebody who looks at another page wants to be told by the system. */
  notifies = false;

  #endsAt = 0;
  #timer = 0;
  /** How long it is in all, so that the bar shows a share of it. */
  #wholeS = 1;
  #bar = h("progress", { class: "rest-bar", value: 0, max: 1, "aria-hidden": "true" });
  #time = h("b", { class: "rest-time", role: "timer", "aria-label": "Rest left" });
  #less = h("button", { class: "button", type: "button", onclick: () => this.add(-STEP_S) }, "−15 s");
  #more = h("button", { class: "button", type: "button", onclick: () => this.add(STEP_S) }, "+15 s");

  connectedCallback() {
    if (!this.firstChild) this.append(this.#less, this.#time, this.#more, this.#bar);
  }

  disconnectedCallback() {
    this.stop();
  }

  /** Seconds that are left. */
  get leftS() {
    return Math.max(0, Math.ceil((this.#endsAt - Date.now()) / 1000));
  }

  /** @param {number} seconds */
  start(seconds) {
    this.stop();
    this.#endsAt = Date.now() + 1000 * seconds;
    this.#wholeS = Math.max(seconds, 1);
    this.#timer = setInterval(() => this.#tick(), 250);
    announce(`Rest: ${seconds} seconds.`);
    this.#tick();
  }

  /** Count down to a moment, unless there is none. @param {number | null} endsMs on the clock of `Date.now()` */
  until(endsMs) {
    if (endsMs !== null) this.start(Math.ceil((endsMs - Date.now()) / 1000));
  }

  /** @param {number} seconds */
  add(seconds) {
    if (this.leftS + seconds > LONGEST_S) {
      announce("A rest lasts an hour at most.");
      return;
    }
    this.#endsAt = Math.max(Date.now(), this.#endsAt + 1000 * seconds);
    this.#wholeS = Math.max(this.#wholeS + seconds, this.leftS, 1);
    this.dispatchEvent(new CustomEvent("moved", { detail: { byS: seconds } }));
    this.#tick();
  }

  /** End it without a sound. */
  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  #tick() {
    this.#time.textContent = clock(this.leftS);
    this.#bar.value = this.leftS / this.#wholeS;
    if (this.leftS > 0 || this.#timer === 0) return;
    this.stop();
    alarm();
    announce("The rest is over.");
    if (this.notifies) notify("The rest is over.", "The next set can begin.");
    this.dispatchEvent(new CustomEvent("rested"));
  }
}

/** Tell somebody who looks at another page, if the browser allows it. @param {string} title @param {string} body */
function notify(title, body) {
  if (typeof Notification === "undefined" || Notification.permission !== "granted" || !document.hidden) return;
  try {
    new Notification(title, { body, icon: "/static/icon.svg", tag: "rest" });
  } catch (error) {
    // Chromium on Android has the class and refuses its use; sound and vibration have told already.
    if (!(error instanceof TypeError)) throw error;
  }
}

customElements.define("rest-timer", RestTimer);
