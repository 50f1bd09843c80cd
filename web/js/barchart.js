/**
 * A small bar chart: each bar can be reached by keyboard and has a name.
 * @module
 */

import { svg } from "./dom.js";

const WIDTH = 312;
const HEIGHT = 132;
const TOP = 18;
const FLOOR = HEIGHT - 20;

/**
 * @param {{label: string, value: number, name: string}[]} bars
 * @param {string} name what the chart shows
 * @returns {SVGSVGElement}
 */
export function barChart(bars, name) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  const step = WIDTH / bars.length;
  const drawn = bars.map((bar, index) => {
    const tall = bar.value ? Math.max(3, ((FLOOR - TOP) * bar.value) / most) : 0;
    const middle = step * (index + 0.5);
    return svg("g", { role: "img", "aria-label": bar.name, tabindex: "0" },
      svg("rect", { class: "bar", x: middle - step * 0.34, y: FLOOR - tall, width: step * 0.68, height: tall, rx: 3 }),
      bar.value ? svg("text", { class: "value", x: middle, y: FLOOR - tall - 5 }, bar.value) : null,
      svg("text", { x: middle, y: HEIGHT - 5 }, bar.label));
  });
  return svg("svg", { class: "bars", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": name },
    drawn, svg("line", { class: "floor", x1: 0, x2: WIDTH, y1: FLOOR, y2: FLOOR }));
}
