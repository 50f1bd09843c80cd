/**
 * Replay timeline element.
 * @module
 */

import { t } from "../i18n/l10n.ts";
import { h, icon } from "../ui/dom.ts";
import { clock, formShape } from "../i18n/format.ts";
import { barClass } from "../session/repetition-strip.ts";
import { loopOf, momentIn, repetitionAt, repetitionIn, type Markers, type Repetition } from "./markers.ts";

type Loop = {start: number, end: number};

/** Steps in seconds of the keys that only the slider handles. */
const STEPS_S = new Map([["ArrowUp", 1], ["ArrowDown", -1], ["PageUp", 10], ["PageDown", -10]]);

/** `<replay-timeline>`: a slider with markers, and a list of repetitions. Events: `seek` (seconds), `loop` (a Loop or null). */
export class ReplayTimeline extends HTMLElement {
  #markers: Markers = { sets: [], repetitions: [], cues: [], pauses: [] };
  #start = 0;
  #end = 1;
  #looped: number | null = null;
  #current: number | null = null;
  #time = 0;
  #head = h("span", { class: "line-head" });
  #stretch = h("span", { class: "line-loop", hidden: true });
  #marks = h("span", { class: "line-marks" });
  #slider = h("div", { class: "line", role: "slider", tabindex: "0", "aria-label": t("replay-timeline"), "aria-valuemin": "0", "aria-valuemax": "0" }, this.#marks, this.#stretch, this.#head);
  #list = h("ol", { class: "rep-list", "aria-label": t("replay-repetitions") });
  #moments = h("ol", { class: "replay-events" });
  /** List of cues and pauses; the page places it. */
  cueList = h("details", { class: "timeline-cues" }, h("summary", null, t("replay-cues-and-pauses")), this.#moments);

  connectedCallback() {
    if (this.firstChild) return;
    this.append(this.#slider, this.#list);
    this.#slider.addEventListener("pointerdown", (event: PointerEvent) => this.#pressed(event));
    this.#slider.addEventListener("pointermove", (event: PointerEvent) => { if (this.#slider.hasPointerCapture(event.pointerId)) this.#tell("seek", this.#timeAt(event)); });
    this.#slider.addEventListener("keydown", (event: KeyboardEvent) => this.#typed(event));
  }

  /** Keys of the slider besides those of the page (https://www.w3.org/WAI/ARIA/apg/patterns/slider/), and Enter. */
  #typed(event: KeyboardEvent) {
    const seconds = STEPS_S.get(event.key);
    if (seconds !== undefined) {
      event.preventDefault();
      this.#tell("seek", this.#time + seconds);
    }
    const now = event.key === "Enter" && repetitionAt(this.#markers, this.#time);
    if (now) this.#toggle(now);
  }

  /** Show a recording. @param start seconds @param end seconds */
  show(markers: Markers, start: number, end: number) {
    [this.#markers, this.#start, this.#end] = [markers, start, Math.max(end, start + 0.1)];
    this.#slider.setAttribute("aria-valuemin", start.toFixed(2));
    this.#slider.setAttribute("aria-valuemax", this.#end.toFixed(2));
    this.#marks.replaceChildren(
      ...markers.pauses.map(({ startS, endS }) => this.#put(h("span", { class: "mark-pause", title: t("replay-paused-at", { time: clock(startS) }) }), startS, endS)),
      ...markers.repetitions.map((each) => this.#put(h("span", { class: `mark-rep ${barClass(each)}`, title: t("replay-select-to-loop", { repetition: repetitionIn(each) }), "data-number": each.number, "data-faults": each.faults.join(" ") || null }, formShape(each.form, barClass(each))), each.startS, each.endS)),
      ...markers.cues.map(({ atS, cue }) => this.#put(h("span", { class: "mark-cue", title: `${clock(atS)} ${cue}` }), atS, atS)));
    this.#list.replaceChildren(...markers.repetitions.map((each) => h("li", null, this.#button(each))));
    this.#list.hidden = markers.repetitions.length === 0;
    this.#current = null;
    this.#tellMoments(markers);
    this.moment(this.#time);
  }

  /** List the cues and pauses in words. */
  #tellMoments({ cues, pauses }: Markers) {
    const moments: [number, string][] = [...cues.map(({ atS, cue }) => [atS, cue] as [number, string]), ...pauses.map(({ startS, endS }) => [startS, t("replay-paused-until", { time: clock(endS) })] as [number, string])];
    this.#moments.replaceChildren(...moments.sort(([a], [b]) => a - b).map(([atS, words]) =>
      h("li", null, h("button", { class: "button quiet", type: "button", onclick: () => this.#tell("seek", atS) }, h("b", { class: "number" }, clock(atS)), ` ${words}`))));
    this.cueList.hidden = moments.length === 0;
  }

  /** Move the playhead. @param time seconds */
  moment(time: number) {
    this.#time = time;
    this.#head.style.setProperty("left", this.#share(time));
    const begun = repetitionAt(this.#markers, time);
    this.#setCurrent(begun && time < begun.endS ? begun.number : null);
    const text = momentIn(this.#markers, time);
    if (this.#slider.getAttribute("aria-valuetext") === text) return;
    this.#slider.setAttribute("aria-valuenow", time.toFixed(2));
    this.#slider.setAttribute("aria-valuetext", text);
  }

  /** @param number number of the current repetition */
  #setCurrent(number: number | null) {
    if (number === this.#current) return;
    this.#current = number;
    for (const button of this.#list.querySelectorAll("button")) {
      const isCurrent = button.dataset.number === String(number);
      if (isCurrent) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      if (isCurrent) this.#list.scrollLeft = (button.parentElement?.offsetLeft ?? 0) - this.#list.clientWidth / 3;
    }
  }

  /** Show the loop. @param number number of the repetition, if the loop is one */
  loop(loop: Loop | null, number: number | null) {
    this.#looped = number;
    this.#stretch.hidden = loop === null;
    if (loop) this.#put(this.#stretch, loop.start, loop.end);
    for (const button of this.#list.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.number === String(number)));
  }

  #button(each: Repetition) {
    return h("button", {
      class: `button rep-chip ${barClass(each)}`, type: "button", "aria-pressed": "false", "data-number": each.number,
      "aria-label": t("replay-loop", { repetition: repetitionIn(each) }), title: repetitionIn(each), onclick: () => this.#toggle(each),
    }, formShape(each.form, barClass(each)), h("b", null, each.number), icon("loop"));
  }

  #toggle(each: Repetition) {
    this.#tell("loop", this.#looped === each.number ? null : loopOf(each));
  }

  #pressed(event: PointerEvent) {
    if (event.button !== 0) return;
    const number = (event.target as Element).closest(".mark-rep")?.getAttribute("data-number");
    const marked = this.#markers.repetitions.find((each) => String(each.number) === number);
    if (marked) {
      this.#toggle(marked);
      return;
    }
    this.#slider.setPointerCapture(event.pointerId);
    this.#tell("seek", this.#timeAt(event));
  }

  #timeAt(event: PointerEvent) {
    const { left, width } = this.#slider.getBoundingClientRect();
    return this.#start + Math.min(Math.max((event.clientX - left) / width, 0), 1) * (this.#end - this.#start);
  }

  #share(time: number) {
    return `${(100 * Math.min(Math.max((time - this.#start) / (this.#end - this.#start), 0), 1)).toFixed(3)}%`;
  }

  /** Position an element between two times. */
  #put(element: HTMLElement, from: number, to: number) {
    element.style.setProperty("left", this.#share(from));
    element.style.setProperty("right", `calc(100% - ${this.#share(to)})`);
    return element;
  }

  #tell(what: string, detail: number | Loop | null) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}

customElements.define("replay-timeline", ReplayTimeline);

declare global {
  interface HTMLElementTagNameMap { "replay-timeline": ReplayTimeline }
}
