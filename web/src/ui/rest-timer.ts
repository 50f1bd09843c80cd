/**
 * Rest timer element.
 * @module
 */

import { alarm } from "../coach/sounds.ts";
import { announce, h } from "./dom.ts";
import { clock } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";

/** Picture of notifications; Vite replaces this URL. */
const ICON = new URL("../../icon.svg", import.meta.url).href;

/** Seconds per press of a button. */
const STEP_S = 15;

/** Longest rest, in seconds. */
const LONGEST_S = 3600;

/**
 * `<rest-timer>`: counts down by the clock, not by ticks, so that it is right in a background page,
 * too. Fires `rested` at the end, and `moved` ({byS}) when the athlete adds or removes time.
 */
export class RestTimer extends HTMLElement {
  /** Whether to show a system notification when the page is hidden. */
  notifies = false;

  #endsAt = 0;
  #timer = 0;
  /** Whole length of the rest, of which the bar shows the remaining share. */
  #wholeS = 1;
  #bar = h("progress", { class: "rest-bar", value: 0, max: 1, "aria-hidden": "true" });
  #time = h("b", { class: "rest-time", role: "timer", "aria-label": t("rest-left") });
  #less = h("button", { class: "button", type: "button", onclick: () => this.add(-STEP_S) }, t("rest-less"));
  #more = h("button", { class: "button", type: "button", onclick: () => this.add(STEP_S) }, t("rest-more"));

  connectedCallback() {
    if (!this.firstChild) this.append(this.#less, this.#time, this.#more, this.#bar);
  }

  disconnectedCallback() {
    this.stop();
  }

  /** Seconds left. */
  get leftS() {
    return Math.max(0, Math.ceil((this.#endsAt - Date.now()) / 1000));
  }

  start(seconds: number) {
    this.stop();
    this.#endsAt = Date.now() + 1000 * seconds;
    this.#wholeS = Math.max(seconds, 1);
    this.#timer = setInterval(() => this.#tick(), 250);
    announce(t("rest-seconds", { count: seconds }));
    this.#tick();
  }

  /** Count down to a time on the clock of `Date.now()`; null does nothing. @param endsMs on the clock of `Date.now()` */
  until(endsMs: number | null) {
    if (endsMs !== null) this.start(Math.ceil((endsMs - Date.now()) / 1000));
  }

  add(seconds: number) {
    if (this.leftS + seconds > LONGEST_S) {
      announce(t("rest-longest"));
      return;
    }
    this.#endsAt = Math.max(Date.now(), this.#endsAt + 1000 * seconds);
    this.#wholeS = Math.max(this.#wholeS + seconds, this.leftS, 1);
    this.dispatchEvent(new CustomEvent("moved", { detail: { byS: seconds } }));
    this.#tick();
  }

  /** Stop without a sound. */
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
    announce(t("rest-over"));
    if (this.notifies) void notify(t("rest-over"), t("start-next-set"));
    this.dispatchEvent(new CustomEvent("rested"));
  }
}

/** Show a system notification if the page is hidden and the browser allows it: by the service worker, since Chromium on Android allows no other. */
async function notify(title: string, body: string) {
  if (typeof Notification === "undefined" || Notification.permission !== "granted" || !document.hidden) return;
  const options = { body, icon: ICON, tag: "rest", data: location.pathname };
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration?.active) return registration.showNotification(title, options);
  try {
    new Notification(title, options);
  } catch (error) {
    // Chromium on Android, in a window without a service worker: sound and vibration have signaled already.
    if (!(error instanceof TypeError)) throw error;
  }
}

customElements.define("rest-timer", RestTimer);

declare global {
  interface HTMLElementTagNameMap { "rest-timer": RestTimer }
}
