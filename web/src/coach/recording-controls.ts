/**
 * Recording controls element.
 * @module
 */

import { announce, h } from "../ui/dom.ts";
import { clock, size } from "../i18n/format.ts";
import { fieldAttributes } from "../ui/schema-fields.ts";
import { t } from "../i18n/l10n.ts";
import type { RecordingStatus } from "../live/recording.ts";

/**
 * `<recording-controls>`: fires `record` ({name, description}), `hold`, `go-on` and `end`; `show`
 * displays the status of the recording.
 */
export class RecordingControls extends HTMLElement {
  #name = h("input", { ...fieldAttributes("NewRecording.name"), id: "recording-name", dir: "auto", value: t("my-session") });
  #description = h("input", { ...fieldAttributes("NewRecording.description"), id: "recording-description", dir: "auto" });
  #start = h("button", { class: "button", type: "button" }, t("start-recording"));
  #pause = h("button", { class: "button", type: "button", hidden: true, "aria-pressed": "false" }, t("pause-recording"));
  #stop = h("button", { class: "button", type: "button", hidden: true }, t("stop-recording"));
  #isRequested = false;
  #state = h("p", { class: "recording-state" }, t("nothing-recorded"));
  #fields = h("div", { class: "recording-fields" },
    h("label", { class: "field", for: "recording-name" }, h("span", null, t("account-name")), this.#name),
    h("label", { class: "field", for: "recording-description" }, h("span", null, t("description")), this.#description));

  connectedCallback() {
    if (this.firstChild) return;
    this.append(this.#fields, this.#state, h("div", { class: "choices" }, this.#start, this.#pause, this.#stop));
    this.#start.addEventListener("click", () => this.#record());
    this.#pause.addEventListener("click", () => this.#fire(this.#pause.getAttribute("aria-pressed") === "true" ? "go-on" : "hold"));
    this.#stop.addEventListener("click", () => this.#fire("end"));
  }

  /** Allow another start after a failure. */
  failed() {
    this.#isRequested = false;
  }

  #record() {
    if (this.#isRequested) return;
    this.#isRequested = true;
    this.#fire("record", { name: this.#name.value.trim() || t("my-session"), description: this.#description.value.trim() });
  }

  show({ status, duration, bytes }: RecordingStatus) {
    const isOver = status === "completed";
    const had = document.activeElement === this.#start;
    this.#fields.hidden = this.#start.hidden = true;
    this.#pause.hidden = this.#stop.hidden = isOver;
    this.#pause.setAttribute("aria-pressed", String(status === "paused"));
    const words = { recording: t("recording-now"), paused: t("recording-paused"), completed: t("recording-saved") }[status];
    this.#state.textContent = `${words}: ${clock(duration)}, ${size(bytes)}`;
    if (this.dataset.status !== status) announce(`${words}.`);
    this.dataset.status = status;
    if (had) this.#pause.focus();
  }

  #fire(name: string, detail?: object) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define("recording-controls", RecordingControls);

declare global {
  interface HTMLElementTagNameMap { "recording-controls": RecordingControls }
}
