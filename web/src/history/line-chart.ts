/**
 * Line chart: focusable points that link to their sessions, joined by a line.
 * @module
 */

import { t } from "../i18n/l10n.ts";
import { svg } from "../ui/dom.ts";
import { ALONG, rove } from "../ui/roving-focus.ts";

const PLOT = { left: 44, right: 14, top: 14, bottom: 26 };

/** `time` in milliseconds */
type Point = {time: number, value: number, name: string, href: string};

/** Even ticks between two values: at most five steps, none smaller than 1. */
export function ticks(low: number, high: number): number[] {
  const rough = Math.max((high - low) / 4, 1);
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * size).find((each) => each >= rough) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** Range of the axis: some margin around all values, never below 0. */
export function rangeOf(values: number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) / 4, high / 20, 1);
  return [Math.max(0, low - room), high + room];
}

/**
 * @param points oldest first
 * @param options `slope` of the trend in units per millisecond
 */
export function lineChart(points: Point[], { name, tick, day, width, height, slope = null }: {name: string, tick: (value: number) => string, day: (time: number) => string, width: number, height: number, slope?: number | null}): SVGSVGElement {
  const [low, high] = rangeOf(points.map((point) => point.value));
  const [first, last] = [points[0].time, points[points.length - 1].time];
  const floor = height - PLOT.bottom;
  const x = (time: number) => PLOT.left + (last > first ? (time - first) / (last - first) : 0.5) * (width - PLOT.left - PLOT.right);
  const y = (value: number) => floor - ((value - low) / (high - low)) * (floor - PLOT.top);
  const lines = ticks(low, high).map((value) => [
    svg("line", { class: "grid", x1: PLOT.left, x2: width - PLOT.right, y1: y(value), y2: y(value) }),
    svg("text", { class: "tick", x: PLOT.left - 6, y: y(value) + 4 }, tick(value)),
  ]);
  const days = last > first ? [first, last] : [first];
  const dated = days.map((time, at) => svg("text", { class: days.length === 1 ? "" : at ? "end" : "start", x: x(time), y: height - 6 }, day(time)));
  const dots = points.map((point) => svg("a", { href: point.href, "aria-label": point.name },
    svg("circle", { class: "hit-area", cx: x(point.time), cy: y(point.value), r: 12 }),
    svg("circle", { class: "dot", cx: x(point.time), cy: y(point.value), r: 4.5 })));
  const chart = svg("svg", { class: "line-chart", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": t("history-line-chart", { name }) },
    svg("g", { "aria-hidden": "true" }, lines, dated,
      svg("polyline", { class: "line", points: points.map((point) => `${x(point.time)},${y(point.value)}`).join(" ") }),
      slope !== null && trendLine(points, slope, x, (value) => y(Math.min(Math.max(value, low), high)))),
    dots);
  rove(chart, dots, dots.length - 1, ALONG);
  return chart;
}

/** Trend line with this slope through the mean of all points. */
function trendLine(points: Point[], slope: number, x: (time: number) => number, y: (value: number) => number) {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [time, value] = [mean(points.map((point) => point.time)), mean(points.map((point) => point.value))];
  const [first, last] = [points[0].time, points[points.length - 1].time];
  return svg("line", { class: "trend", x1: x(first), y1: y(value + slope * (first - time)), x2: x(last), y2: y(value + slope * (last - time)) });
}
