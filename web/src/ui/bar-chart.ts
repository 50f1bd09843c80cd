/**
 * Bar chart as SVG: each bar is focusable, has an accessible name, and may be a link.
 * @module
 */

import { svg } from "./dom.ts";

/** Default width, that of a phone; the height stays fixed when it is wider. */
const NARROW = 312;
const TOP = 18;
const UNDER = 20;
/** Approximate width of a letter. Labels that would overlap are skipped at a regular interval. */
const LETTER = 6.2;

/** `text` is shown above the bar instead of its value. */
type Bar = {label: string, value: number, name: string, text?: string, href?: string};

/**
 * @param name what the chart shows
 * @param size in SVG user units
 */
export function barChart(bars: Bar[], name: string, { width = NARROW, height = 132 }: {width?: number, height?: number} = {}): SVGSVGElement {
  const floor = height - UNDER;
  const most = Math.max(...bars.map((bar) => bar.value)) || 1;
  const step = width / bars.length;
  const every = Math.ceil((Math.max(...bars.map((bar) => bar.label.length)) * LETTER) / step);
  const isLabeled = (index: number) => (bars.length - 1 - index) % every === 0;
  const drawn = bars.map((bar, index) => {
    const tall = bar.value ? Math.max(3, ((floor - TOP) * bar.value) / most) : 0;
    const middle = step * (index + 0.5);
    const what = bar.href ? { href: bar.href } : { role: "img", tabindex: "0" };
    return [
      svg(bar.href ? "a" : "g", { "aria-label": bar.name, ...what },
        svg("rect", { class: "hit-area", x: step * index, y: 0, width: step, height }),
        svg("rect", { class: "bar", x: middle - step * 0.34, y: floor - tall, width: step * 0.68, height: tall, rx: 3 })),
      svg("g", { class: "words", "aria-hidden": "true" },
        bar.value ? svg("text", { class: "value", x: middle, y: floor - tall - 5 }, bar.text ?? bar.value) : null,
        isLabeled(index) && svg("text", { x: middle, y: height - 5 }, bar.label)),
    ];
  });
  return svg("svg", { class: "bars", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": name },
    drawn, svg("line", { class: "floor", x1: 0, x2: width, y1: floor, y2: floor }));
}
