/**
 * Lesson timeline element: the segments of a video in time. The list beside it offers the same by keyboard.
 * @module
 */

import "./texts.ts";
import { clock } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { h } from "../ui/dom.ts";

type Bar = {number: number, startMs: number, endMs: number, name: string};

/** Steps in seconds of the keys. */
const STEPS_S = new Map([["ArrowRight", 1], ["ArrowUp", 1], ["ArrowLeft", -1], ["ArrowDown", -1], ["PageUp", 10], ["PageDown", -10]]);

/** Distance from an edge at which it is dragged, in pixels. */
const GRIP_PX = { mouse: 10, touch: 24 };

/**
 * `<lesson-timeline>`: a slider with a bar for each segment. Events: `seek` (seconds), `choose` (number of a segment), and, if
 * `edits` is set, `move` ({startMs, endMs}) while an edge of the chosen segment is dragged.
 */
export class LessonTimeline extends HTMLElement {
  #durationMs = 1;
  #timeS = 0;
  #bars: Bar[] = [];
  #chosen: number | null = null;
  /** Edge that is dragged. */
  #edge: "startMs" | "endMs" | null = null;
  #marks = h("span", { class: "lesson-bars" });
  #head = h("span", { class: "lesson-head" });
  #slider = h("div", { class: "lesson-line", role: "slider", tabindex: "0", "aria-valuemin": "0", "aria-valuemax": "0", "aria-valuenow": "0" }, this.#marks, this.#head);

  connectedCallback() {
    if (this.firstChild) return;
    this.#slider.setAttribute("aria-label", t("lesson-timeline"));
    this.append(this.#slider);
    this.#slider.addEventListener("pointerdown", (event: PointerEvent) => this.#pressed(event));
    this.#slider.addEventListener("pointermove", (event: PointerEvent) => { if (this.#slider.hasPointerCapture(event.pointerId)) this.#dragged(event); });
    this.#slider.addEventListener("lostpointercapture", () => { this.#edge = null; });
    this.#slider.addEventListener("keydown", (event: KeyboardEvent) => this.#typed(event));
  }

  /** Whether the edges of the chosen segment can be dragged. */
  get #edits() {
    return this.hasAttribute("edits");
  }

  /** @param bars in order @param durationMs of the video */
  show(bars: Bar[], durationMs: number, chosen: number | null) {
    [this.#bars, this.#durationMs, this.#chosen] = [bars, Math.max(durationMs, 1), chosen];
    this.#slider.setAttribute("aria-valuemax", (durationMs / 1000).toFixed(1));
    this.#marks.replaceChildren(...bars.map((bar, index) => {
      const mark = h("span", { class: `lesson-bar${bar.number === chosen ? " is-chosen" : ""}`, "data-number": bar.number, title: `${bar.name} · ${clock(bar.startMs / 1000)}` }, h("b", null, index + 1));
      mark.style.left = this.#share(bar.startMs);
      mark.style.width = `calc(${this.#share(bar.endMs)} - ${this.#share(bar.startMs)})`;
      return mark;
    }));
    this.moment(this.#timeS);
  }

  /** Move the playhead. */
  moment(timeS: number) {
    this.#timeS = timeS;
    this.#head.style.left = this.#share(1000 * timeS);
    const now = this.#bars.find(({ startMs, endMs }) => startMs <= 1000 * timeS && 1000 * timeS < endMs);
    this.#slider.setAttribute("aria-valuenow", timeS.toFixed(1));
    this.#slider.setAttribute("aria-valuetext", [clock(timeS), now?.name].filter(Boolean).join(" · "));
  }

  #share(timeMs: number) {
    return `${(100 * Math.min(Math.max(timeMs / this.#durationMs, 0), 1)).toFixed(3)}%`;
  }

  /** @returns milliseconds */
  #timeAt({ clientX }: PointerEvent): number {
    const { left, width } = this.#slider.getBoundingClientRect();
    return Math.min(Math.max((clientX - left) / width, 0), 1) * this.#durationMs;
  }

  #pressed(event: PointerEvent) {
    if (event.button !== 0) return;
    this.#edge = this.#edits ? this.#edgeAt(event) : null;
    const at = this.#timeAt(event);
    const pressed = this.#bars.find(({ startMs, endMs }) => startMs <= at && at < endMs);
    if (!this.#edge && pressed && pressed.number !== this.#chosen) {
      this.#tell("choose", pressed.number);
      return;
    }
    this.#slider.setPointerCapture(event.pointerId);
    if (!this.#edge) this.#tell("seek", at / 1000);
  }

  /** The edge of the chosen segment under a pointer. */
  #edgeAt(event: PointerEvent): "startMs" | "endMs" | null {
    const bar = this.#bars.find(({ number }) => number === this.#chosen);
    if (!bar) return null;
    const at = this.#timeAt(event);
    const reachMs = (GRIP_PX[event.pointerType === "touch" ? "touch" : "mouse"] / this.#slider.clientWidth) * this.#durationMs;
    const [fromStart, fromEnd] = [Math.abs(at - bar.startMs), Math.abs(at - bar.endMs)];
    if (Math.min(fromStart, fromEnd) > reachMs) return null;
    return fromStart < fromEnd ? "startMs" : "endMs";
  }

  #dragged(event: PointerEvent) {
    const at = this.#timeAt(event);
    const bar = this.#bars.find(({ number }) => number === this.#chosen);
    if (this.#edge && bar) this.#tell("move", { startMs: bar.startMs, endMs: bar.endMs, [this.#edge]: Math.round(at) });
    else this.#tell("seek", at / 1000);
  }

  /** Keys of a slider (https://www.w3.org/WAI/ARIA/apg/patterns/slider/). */
  #typed(event: KeyboardEvent) {
    const step = STEPS_S.get(event.key);
    const to = step !== undefined ? this.#timeS + step : event.key === "Home" ? 0 : event.key === "End" ? this.#durationMs / 1000 : null;
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.#tell("seek", Math.min(Math.max(to, 0), this.#durationMs / 1000));
  }

  #tell(what: "seek" | "choose" | "move", detail: unknown) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}

customElements.define("lesson-timeline", LessonTimeline);

declare global {
  interface HTMLElementTagNameMap { "lesson-timeline": LessonTimeline }
}
