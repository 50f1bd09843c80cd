/**
 * Angle chart: the angle of the driving joint over time, with phases, repetitions and a playhead.
 * @module
 */

import { h, svg } from "../ui/dom.ts";
import { phaseNames } from "../i18n/phases.ts";
import { clock, formClass, length } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import type { Samples } from "../api/client.ts";

const HEIGHT = 220;
/** Height without a curve, when only repetitions are known. */
const LOW_HEIGHT = 96;
const PLOT = { left: 44, right: 12, top: 40, bottom: 34 };

/** a repetition, in seconds */
export type Mark = {start: number, end: number, label: string, form: number | null, key: string};
/** `onFocus`: keys are about to move the time */
type Listeners = {onSeek: (time: number) => void, onMark: (mark: Mark) => void, onFocus: () => void};
type Stretch = {phase: string, start: number, end: number};

/** @returns consecutive frames of one phase */
export function stretches({ timeS, phase }: Samples): Stretch[] {
  const ranges: Stretch[] = [];
  timeS.forEach((time, index) => {
    const last = ranges[ranges.length - 1];
    if (last) last.end = time;
    if (last?.phase !== phase[index]) ranges.push({ phase: phase[index], start: time, end: time });
  });
  return ranges;
}

/** Axis ticks at even steps. */
function ticks(low: number, high: number): number[] {
  const step = [0.25, 0.5, 1, 5, 10, 15, 30, 45, 90].find((each) => (high - low) / each <= 4.5) ?? 90;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, index) => (first + index) * step);
}

/** Minimum of a list; spreading a long session into Math.min would overflow the stack. */
function least(numbers: number[]) {
  return numbers.reduce((low, number) => Math.min(low, number), Infinity);
}

/** The chart, which is also a slider for seeking. */
export class Curve {
  samples: { timeS: number[]; effort: number[]; angleDeg: (number | null)[]; phase: string[] } | null;
  marks: Mark[];
  duration: number;
  inDegrees: boolean;
  values: (number | null)[];
  time: number;
  width: number;
  height: number;
  floor: number;
  range: [number, number];
  element: HTMLElement;
  watcher: ResizeObserver;
  head: SVGGElement | null = null;
  looped!: string | null;

  /** @param listeners null if there is no video */
  constructor({ samples, marks, duration }: {samples: Samples | null, marks: Mark[], duration: number}, listeners: Listeners | null) {
    this.samples = samples;
    this.marks = marks;
    this.duration = Math.max(duration, 0.1);
    this.inDegrees = samples?.angleDeg.some((angle) => angle !== null) ?? false;
    this.values = (this.inDegrees ? samples?.angleDeg : samples?.effort) ?? [];
    this.time = 0;
    this.width = 0;
    this.height = this.values.length ? HEIGHT : LOW_HEIGHT;
    this.floor = this.height - PLOT.bottom;
    this.range = this.bounds();
    const slider = listeners && { role: "slider", tabindex: "0", "aria-label": t("time-in-video"), "aria-valuemin": "0", "aria-valuemax": this.duration.toFixed(2) };
    this.element = h("div", { class: "curve", ...(slider || { role: "img", "aria-label": this.summary() }) });
    if (listeners) this.listen(listeners);
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.element);
  }

  /** The chart in one sentence. */
  summary() {
    const present = this.values.filter((value) => value !== null);
    const range = present.length && this.inDegrees ? `${t("curve-range", { low: Math.round(least(present)), high: Math.round(-least(present.map((value) => -value))) })} ` : "";
    return `${range}${t("repetitions-in-length", { count: this.marks.length, length: length(this.duration * 1000) })}`;
  }

  /** @param time seconds @returns pixels */
  x(time: number): number {
    return PLOT.left + (Math.min(Math.max(time / this.duration, 0), 1)) * (this.width - PLOT.left - PLOT.right);
  }

  draw() {
    this.width = Math.max(240, this.element.clientWidth);
    this.head = svg("g", { class: "playhead" }, svg("line", { y1: PLOT.top, y2: this.floor }), svg("path", { d: `M0 ${this.floor - 2}l7 7v6h-14v-6z` }));
    const image = svg("svg", { viewBox: `0 0 ${this.width} ${this.height}`, width: this.width, height: this.height, "aria-hidden": "true", focusable: "false" },
      patterns(), this.shades(), this.values.length > 0 && this.axis(), this.clockAxis(), this.markers(), this.line(), this.element.role === "slider" && this.head);
    this.element.replaceChildren(image);
    this.setTime(this.time);
  }

  shades() {
    const ranges = this.samples ? stretches(this.samples) : [];
    return svg("g", null, ranges.map(({ phase, start, end }) => svg("rect", { class: `phase ${phase}`, x: this.x(start), y: PLOT.top, width: Math.max(0, this.x(end) - this.x(start)), height: this.floor - PLOT.top })));
  }

  /** Range of the value axis. */
  bounds(): [number, number] {
    let [low, high] = [Infinity, -Infinity];
    for (const value of this.values) {
      if (value !== null) [low, high] = [Math.min(low, value), Math.max(high, value)];
    }
    const margin = Math.max((high - low) * 0.08, this.inDegrees ? 4 : 0.05);
    return [low - margin, high + margin];
  }

  /** @returns pixels */
  y(value: number): number {
    const [low, high] = this.range;
    return this.floor - ((value - low) / (high - low)) * (this.floor - PLOT.top);
  }

  axis() {
    const [low, high] = this.range;
    return svg("g", { class: "axis" }, ticks(low, high).map((value) => [
      svg("line", { x1: PLOT.left, x2: this.width - PLOT.right, y1: this.y(value), y2: this.y(value) }),
      svg("text", { x: PLOT.left - 8, y: this.y(value) + 4, "text-anchor": "end" }, this.inDegrees ? `${value}°` : value)]));
  }

  clockAxis() {
    const target = this.duration / Math.max(2, Math.floor(this.width / 110));
    const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600].find((each) => each >= target) ?? 1200;
    const times = Array.from({ length: Math.floor(this.duration / step) + 1 }, (_, index) => index * step);
    return svg("g", { class: "axis" }, times.map((time) => svg("text", { x: this.x(time), y: this.height - 5, "text-anchor": this.x(time) > this.width - 16 ? "end" : "middle" }, clock(time))));
  }

  line() {
    let path = "";
    let drawing = false;
    const times = this.samples?.timeS ?? [];
    this.values.forEach((value, index) => {
      if (value !== null) path += `${drawing ? "L" : "M"}${this.x(times[index]).toFixed(1)} ${this.y(value).toFixed(1)}`;
      drawing = value !== null;
    });
    return svg("path", { class: "angle", d: path || "M0 0" });
  }

  markers() {
    return this.marks.map((mark) => {
      const [left, right] = [this.x(mark.start), this.x(mark.end)];
      const middle = (left + right) / 2;
      return svg("g", { class: `mark ${formClass(mark.form)} ${mark.key === this.looped ? "looped" : ""}`, "data-key": mark.key },
        svg("rect", { class: "mark-area", x: left, y: 6, width: Math.max(right - left, 2), height: this.floor - 6 }),
        svg("path", { class: "mark-span", d: `M${left + 1} 36v-5H${right - 1}v5` }),
        right - left > 14 && svg("text", { x: middle, y: 24, "text-anchor": "middle" }, mark.label));
    });
  }

  listen({ onSeek, onMark, onFocus }: Listeners) {
    this.element.addEventListener("focus", onFocus);
    const at = (event: PointerEvent) => {
      const share = (event.clientX - this.element.getBoundingClientRect().left - PLOT.left) / (this.width - PLOT.left - PLOT.right);
      return Math.min(Math.max(share, 0), 1) * this.duration;
    };
    this.element.addEventListener("pointerdown", (event: PointerEvent) => {
      if (event.button !== 0) return;
      const above = event.clientY - this.element.getBoundingClientRect().top < PLOT.top;
      const mark = above && this.marks.find(({ start, end }) => at(event) >= start && at(event) <= end);
      if (mark) { onMark(mark); return; }
      this.element.setPointerCapture(event.pointerId);
      onSeek(at(event));
    });
    this.element.addEventListener("pointermove", (event: PointerEvent) => {
      if (this.element.hasPointerCapture(event.pointerId)) onSeek(at(event));
    });
  }

  /** @param time seconds */
  setTime(time: number) {
    this.time = time;
    this.head?.setAttribute("transform", `translate(${this.x(time).toFixed(2)} 0)`);
    if (this.element.role !== "slider") return;
    const done = this.marks.filter(({ end }) => end <= time).length;
    this.element.setAttribute("aria-valuenow", time.toFixed(2));
    this.element.setAttribute("aria-valuetext", t("rep-of-at", { rep: done, total: this.marks.length, time: clock(time) }));
  }

  /** @param key of the looped repetition */
  setLooped(key: string | null) {
    this.looped = key;
    for (const mark of this.element.querySelectorAll<HTMLElement>(".mark")) mark.classList.toggle("looped", mark.dataset.key === key);
  }

  /** Angle and phase at a time. */
  sample(time: number) {
    if (!this.samples?.timeS.length) return null;
    const { timeS } = this.samples;
    let [low, high] = [0, timeS.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (timeS[middle] <= time) low = middle;
      else high = middle - 1;
    }
    return { angle: this.samples.angleDeg[low], phase: this.samples.phase[low] };
  }

  close() {
    this.watcher.disconnect();
  }
}

function patterns() {
  const stripes = (id: string, d: string) => svg("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, svg("path", { class: "stripe", d }));
  return svg("defs", null, stripes("stripes-down", "M-2 -2l12 12M-2 6l4 4M6-2l4 4"), stripes("stripes-up", "M-2 10 10-2M-2 2l4-4M6 10l4-4"), stripes("stripes-lost", "M0 4h8"));
}

/** Legend of the phases that occur. @param exercise exercise ID */
export function phaseLegend(samples: Samples, exercise: string | null) {
  const shown = new Set(samples.phase);
  return h("ul", { class: "legend" }, Object.entries(phaseNames(exercise)).filter(([phase]) => phase !== "rest" && shown.has(phase)).map(([phase, name]) => h("li", null,
    svg("svg", { viewBox: "0 0 24 16", "aria-hidden": "true", focusable: "false" }, svg("rect", { class: `phase ${phase}`, width: 24, height: 16 })), name)));
}
