/**
 * Trend panel: a metric over a range of days, as a chart and as a table.
 * @module
 */

import { request, type Schemas } from "../api/client.ts";
import { addDays } from "../i18n/calendar.ts";
import { calendarDay, decimal } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { behindToggle, table } from "../ui/data-table.ts";
import { byId, h } from "../ui/dom.ts";
import { byInterest, drawn, drawnUnit, figureText, healthPanel, metricName, originsText } from "./figures.ts";
import { TrendChart } from "./trend-chart.ts";
import { RANGES, type View } from "./view.ts";
import type { Units } from "../i18n/units.ts";
import type { Panel } from "../ui/panel.ts";

const RANGE_NAMES = { "30": t("health-range-30"), "90": t("health-range-90"), year: t("health-range-year"), years: t("health-range-years") };
const DATED = { day: "numeric", month: "short", year: "numeric" } as const;
const SHORT = { day: "numeric", month: "short" } as const;
const MONTH = { month: "short", year: "numeric" } as const;

/** The panel #trend. */
export class TrendPanel {
  panel: Panel;
  chart: TrendChart | null;
  metric: HTMLSelectElement;
  range: HTMLSelectElement;

  constructor(go: (change: Partial<View>) => void) {
    this.panel = healthPanel(byId("trend-body"));
    this.chart = null;
    this.metric = h("select", { id: "metric", onchange: () => go({ metric: this.metric.value }) });
    this.range = h("select", { id: "range", onchange: () => go({ range: this.range.value as View["range"] }) }, Object.entries(RANGE_NAMES).map(([id, name]) => h("option", { value: id }, name)));
    byId("trend-head").append(h("div", { class: "choices" },
      h("label", { class: "field inline", for: "metric" }, h("span", null, t("health-metric")), this.metric),
      h("label", { class: "field inline", for: "range" }, h("span", null, t("health-range")), this.range)));
  }

  /** @param whose `metrics` can be chosen */
  show({ metric, range }: View, { today, units, metrics }: {today: string, units: Units, metrics: string[]}) {
    const names = [...new Set([...metrics, ...(metric ? [metric] : [])])].sort(byInterest);
    const shown = metric || names[0];
    this.metric.replaceChildren(...names.map((name) => h("option", { value: name }, metricName(name))));
    this.metric.value = shown;
    this.range.value = range;
    const search = new URLSearchParams({ start: addDays(today, 1 - RANGES[range]), end: today });
    return this.panel.fill(() => request(`/v1/me/health/trends/${encodeURIComponent(shown)}?${search}`), (trend) => this.draw(trend, units));
  }

  draw({ metric, unit, step, points, origins }: Schemas["HealthTrend"], units: Units) {
    this.chart?.remove();
    this.chart = null;
    const name = metricName(metric);
    if (!points.length) return [h("p", { class: "muted" }, t("health-no-trend", { metric: name }))];
    const day = ({ start, end }: Schemas["TrendPoint"]) => (start === end ? calendarDay(start, DATED) : t("health-days-range", { from: calendarDay(start, DATED), until: calendarDay(end, DATED) }));
    const text = (value: number) => figureText(value, unit, units);
    const read = points.map((point) => ({ day: point.start, value: drawn(point.figure, unit, units), text: t("health-trend-point", { day: day(point), figure: text(point.figure) }) }));
    const symbol = drawnUnit(unit, units);
    this.chart = new TrendChart(read, {
      name: symbol ? t("health-trend-chart-unit", { metric: name, unit: symbol }) : t("health-trend-chart", { metric: name }),
      tick: (value) => decimal(value, 0, 1),
      date: (at) => calendarDay(at, step === "day" ? SHORT : MONTH),
    });
    const rows = points.toReversed().map((point) => [day(point), text(point.figure), text(point.low), text(point.high), decimal(point.days, 0)]);
    return [
      step !== "day" && h("p", { class: "muted" }, step === "week" ? t("health-means-week") : t("health-means-month")),
      h("p", { class: "axis-unit muted" }, symbol),
      this.chart.element,
      h("p", { class: "muted" }, t("health-from", { origins: originsText(origins) })),
      h("div", { class: "panel-foot" }, behindToggle(t("health-trend-table"), table(t("newest-first"), [t("period-day"), name, t("health-lowest"), t("health-highest"), t("health-days-recorded")], rows))),
    ];
  }
}
