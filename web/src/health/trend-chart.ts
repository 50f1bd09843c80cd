/**
 * Trend chart: a line over time, optionally with bars behind it, which pointers and arrow keys read point by point.
 * @module
 */

import uPlot from "uplot";
import { h } from "../ui/dom.ts";
import { ALONG } from "../ui/roving-focus.ts";

const HEIGHT = { wide: 260, narrow: 210 };
const WIDE = matchMedia("(min-width: 40em)");

/** `text` describes the point; `bar` is the height of its bar. */
type Point = {day: string, value: number | null, text: string, bar?: number};

const color = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A chart with the description of one point below it. */
export class TrendChart {
  points: Point[];
  at: number;
  readout: HTMLElement;
  plot: HTMLElement;
  element: HTMLElement;
  chart: uPlot;
  sizes: ResizeObserver;
  looks: MutationObserver;

  /** @param points oldest first */
  constructor(points: Point[], { name, tick, date, bars = false }: {name: string, tick: (value: number) => string, date: (day: string) => string, bars?: boolean}) {
    this.points = points;
    this.at = Math.max(points.findLastIndex(({ value }) => value !== null), 0);
    this.readout = h("p", { class: "trend-point", role: "status" });
    this.plot = h("div", { class: "trend-plot", tabindex: "0", role: "group", "aria-label": name, onkeydown: (event: KeyboardEvent) => this.move(event), onfocus: () => this.show(this.at) });
    this.element = h("div", { class: "trend-chart" }, this.plot, this.readout);
    const font = `500 12px ${color("--sans")}`;
    const axis = { font, stroke: () => color("--muted"), grid: { stroke: () => color("--line"), width: 1 }, ticks: { show: false } };
    const days = points.map(({ day }) => Date.parse(`${day}T00:00:00Z`) / 1000);
    this.chart = new uPlot({
      width: 300, height: HEIGHT.narrow,
      tzDate: (seconds) => uPlot.tzDate(new Date(1000 * seconds), "UTC"),
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 11, fill: () => color("--volt"), stroke: () => color("--ink"), width: 2 } },
      scales: { bars: { range: (_, __, high) => [0, Math.max(high, 30)] }, x: { range: (_, low, high) => (low === high ? [low - 86_400, high + 86_400] : [low, high]) } },
      axes: [
        { ...axis, space: 70, incrs: [1, 2, 7, 14, 30, 60, 91, 182, 365].map((count) => 86_400 * count), values: (_, splits) => splits.map((seconds) => date(new Date(1000 * seconds).toISOString().slice(0, 10))) },
        { ...axis, size: 58, values: (_, splits) => splits.map(tick) },
        ...(bars ? [{ ...axis, scale: "bars", side: 1, size: 44, grid: { show: false }, values: (_: uPlot, splits: number[]) => splits.map(tick) }] : []),
      ],
      series: [{}, ...(bars ? [{ scale: "bars", fill: () => color("--line"), width: 0, points: { show: false }, paths: uPlot.paths.bars?.({ size: [0.6, 24] }) }] : []), { stroke: () => color("--line-strong"), width: 2, spanGaps: true, points: { show: points.length <= 120, size: 7, fill: () => color("--volt"), stroke: () => color("--ink"), width: 1.5 } }],
      hooks: { setCursor: [({ cursor }) => { if (typeof cursor.idx === "number") this.tell(cursor.idx); }] },
    }, [days, ...(bars ? [points.map(({ bar }) => bar ?? 0)] : []), points.map(({ value }) => value)], this.plot);
    this.chart.root.setAttribute("aria-hidden", "true");
    this.tell(this.at);
    this.sizes = new ResizeObserver(() => requestAnimationFrame(() => this.fit())); // within its own turn, it must not change sizes
    this.sizes.observe(this.plot);
    this.looks = new MutationObserver(() => this.chart.redraw());
    this.looks.observe(document.documentElement, { attributeFilter: ["data-theme", "data-contrast"] });
  }

  /** Make the chart as wide as its place. */
  fit() {
    const [width, height] = [Math.max(200, this.plot.clientWidth), WIDE.matches ? HEIGHT.wide : HEIGHT.narrow];
    if (this.plot.isConnected && (width !== this.chart.width || height !== this.chart.height)) this.chart.setSize({ width, height });
  }

  /** Describe a point. */
  tell(at: number) {
    this.at = at;
    const text = this.points[at].text;
    if (this.readout.textContent !== text) this.readout.textContent = text;
  }

  /** Mark a point. */
  show(at: number) {
    const [day, value] = [this.chart.data[0][at], this.points[at].value];
    this.chart.setCursor({ left: this.chart.valToPos(day, "x"), top: value === null ? 0 : this.chart.valToPos(value, "y") });
    this.tell(at);
  }

  move(event: KeyboardEvent) {
    if (!Object.hasOwn(ALONG, event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.show(Math.min(Math.max(ALONG[event.key](this.at, this.points.length), 0), this.points.length - 1));
  }

  /** Stop following the page. */
  remove() {
    this.sizes.disconnect();
    this.looks.disconnect();
    this.chart.destroy();
    this.element.remove();
  }
}
