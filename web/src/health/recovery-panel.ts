/**
 * Recovery panel: training of the last weeks beside a signal of recovery, and what is usual.
 * @module
 */

import { request, type Schemas } from "../api/client.ts";
import { addDays } from "../i18n/calendar.ts";
import { calendarDay, decimal, energy, length } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { behindToggle, sideways, table } from "../ui/data-table.ts";
import { byId, h } from "../ui/dom.ts";
import { drawn, drawnUnit, figureText, healthPanel, metricName, originsText } from "./figures.ts";
import { TrendChart } from "./trend-chart.ts";
import type { Units } from "../i18n/units.ts";
import type { Panel } from "../ui/panel.ts";

const LOADS = { more: t("health-load-more"), usual: t("health-load-usual"), less: t("health-load-less"), unknown: t("health-load-unknown") };
const STATES = { better: t("health-better"), usual: t("health-as-usual"), worse: t("health-worse"), unknown: t("health-too-few") };

/** Days of the chart. */
const DAYS = 28;
const SIGNALS = ["resting_heart_rate", "heart_rate_variability", "sleep"] as const;
const DATED = { day: "numeric", month: "short", year: "numeric" } as const;
const SHORT = { day: "numeric", month: "short" } as const;

type Weeks = {training: Schemas["TrainingDay"][], trend: Schemas["HealthTrend"]};

/** The panel #recovery. */
export class RecoveryPanel {
  panel: Panel;
  chart: TrendChart | null;
  again: () => void;
  signal: HTMLSelectElement;

  constructor() {
    this.panel = healthPanel(byId("recovery-body"));
    this.chart = null;
    this.again = () => {};
    this.signal = h("select", { id: "signal", onchange: () => this.again() }, SIGNALS.map((name) => h("option", { value: name }, metricName(name))));
    this.signal.value = "";
    byId("recovery-head").append(h("div", { class: "choices" }, h("label", { class: "field inline", for: "signal" }, h("span", null, t("health-metric")), this.signal)));
  }

  /** @param day the last day */
  show(day: string, ask: () => Promise<Schemas["HealthSummary"]>, { units }: {units: Units}) {
    this.again = () => void this.show(day, ask, { units });
    return this.panel.fill(async () => {
      const { stats } = await ask();
      const recorded = SIGNALS.find((name) => stats.recovery.some(({ metric, week, usual }) => metric === name && (week ?? usual) !== null));
      this.signal.value ||= recorded ?? SIGNALS[0];
      const search = new URLSearchParams({ start: addDays(day, 1 - DAYS), end: day });
      const [{ items }, trend] = await Promise.all([request(`/v1/me/health/training?${search}`), request(`/v1/me/health/trends/${this.signal.value}?${search}`)]);
      return { stats, weeks: { training: items, trend } };
    }, ({ stats, weeks }) => this.draw(stats, weeks, units));
  }

  draw({ sessions, minutes, energyKcal, trainingDays, load, recovery }: Schemas["HealthStats"], weeks: Weeks, units: Units) {
    const fact = (name: string, value: string) => h("div", null, h("dt", null, name), h("dd", null, value));
    const figure = (value: number | null, unit: string) => (value === null ? "–" : figureText(value, unit, units));
    const rows = recovery.map((signal) => [metricName(signal.metric), figure(signal.week, signal.unit), figure(signal.usual, signal.unit), STATES[signal.state]]);
    return [
      h("p", { class: "muted" }, t("health-four-weeks")),
      h("dl", { class: "totals-now" }, fact(t("health-sessions"), decimal(sessions, 0)), fact(t("health-training-days"), decimal(trainingDays, 0)), fact(t("time"), length(60_000 * minutes)), fact(t("energy"), energy(energyKcal))),
      h("p", null, h("b", null, LOADS[load.state]), " ", load.usualMinutes === null ? "" : t("health-load-minutes", { week: length(60_000 * load.minutes), usual: length(60_000 * load.usualMinutes) })),
      ...this.drawWeeks(weeks, units),
      sideways(t("health-recovery-table"), table(t("health-recovery-table"), [t("health-metric"), t("health-this-week"), t("health-usual"), t("health-compared")], rows)),
      h("p", { class: "hint" }, t("health-no-prediction")),
    ];
  }

  /** Training as bars, with the chosen signal as a line. */
  drawWeeks({ training, trend }: Weeks, units: Units) {
    this.chart?.remove();
    this.chart = null;
    const metric = metricName(trend.metric);
    const figures = new Map(trend.points.map(({ start, figure }) => [start, figure]));
    if (!figures.size && training.every(({ minutes }) => minutes === 0)) return [h("p", { class: "muted" }, t("health-no-weeks", { metric }))];
    const text = (value: number | undefined) => (value === undefined ? "–" : figureText(value, trend.unit, units));
    const time = (minutes: number) => (minutes === 0 ? "–" : length(60_000 * minutes));
    const points = training.map(({ day, minutes }) => {
      const value = figures.get(day);
      return { day, bar: minutes, value: value === undefined ? null : drawn(value, trend.unit, units), text: t("health-weeks-point", { day: calendarDay(day, DATED), training: time(minutes), metric, figure: text(value) }) };
    });
    this.chart = new TrendChart(points, {
      name: t("health-weeks-chart", { metric }), tick: (value) => decimal(value, 0, 1), date: (at) => calendarDay(at, SHORT), bars: true,
    });
    const rows = training.toReversed().map(({ day, minutes }) => [calendarDay(day, DATED), time(minutes), text(figures.get(day))]);
    const symbol = drawnUnit(trend.unit, units);
    return [
      h("p", { class: "chart-key muted" }, h("span", { class: "line-key" }, symbol ? t("health-weeks-line", { metric, unit: symbol }) : metric), h("span", { class: "bar-key" }, t("health-weeks-bars"))),
      this.chart.element,
      figures.size > 0 && h("p", { class: "muted" }, t("health-from", { origins: originsText(trend.origins) })),
      h("div", { class: "panel-foot" }, behindToggle(t("health-weeks-table"), table(t("newest-first"), [t("period-day"), t("health-weeks-training"), metric], rows))),
    ];
  }
}
