/**
 * Training totals of the home page, by day, week or month, as bar chart and table.
 * @module
 */

import * as api from "../api/client.ts";
import { barChart } from "../ui/bar-chart.ts";
import { addDays, periodsUntil, trainingDay } from "../i18n/calendar.ts";
import { clockZone, firstDayOfWeek } from "../i18n/display-settings.ts";
import { byId, h } from "../ui/dom.ts";
import { calendarDay, energy, length } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import type { Overview } from "./overview.ts";

type Period = "DAY" | "WEEK" | "MONTH";
type Sum = {start: string, sessions: number, repetitions: number, durationMs: number, caloriesKcal: number};

/** The period that is selected when the page opens. */
export const FIRST_PERIOD: Period = "WEEK";

const AMOUNTS = ["sessions", "repetitions", "durationMs", "caloriesKcal"] as const;

const PERIODS: Record<Period, {label: string, now: string, caption: string, chart: string, count: number, short: Intl.DateTimeFormatOptions, long: Intl.DateTimeFormatOptions}> = {
  DAY: { label: t("period-day"), now: t("reps-today"), caption: t("totals-by-day"), chart: t("chart-by-day"), count: 7, short: { weekday: "short" }, long: { weekday: "long", day: "numeric", month: "long" } },
  WEEK: { label: t("period-week"), now: t("reps-this-week"), caption: t("totals-by-week"), chart: t("chart-by-week"), count: 6, short: { day: "numeric", month: "short" }, long: { day: "numeric", month: "long", year: "numeric" } },
  MONTH: { label: t("period-month"), now: t("reps-this-month"), caption: t("totals-by-month"), chart: t("chart-by-month"), count: 6, short: { month: "short" }, long: { month: "long", year: "numeric" } },
};

/**
 * First days of the latest periods, oldest first.
 * @param firstDay first day of the week, 0 for Sunday
 * @returns YYYY-MM-DD
 */
export function periodStarts(period: Period, today: string, firstDay: number): string[] {
  return periodsUntil(period, today, PERIODS[period].count, firstDay).map(({ start }) => start);
}

/**
 * Sum daily totals up to periods: the server's weeks start on Monday, the user's on the preferred day.
 * @param starts first days of the periods, oldest first
 * @param totals sums by day or by period
 * @returns one for each period
 */
export function summed(starts: string[], totals: Sum[]): Sum[] {
  const sums = starts.map((start) => ({ start, sessions: 0, repetitions: 0, durationMs: 0, caloriesKcal: 0 }));
  for (const each of totals) {
    const sum = sums.findLast(({ start }) => start <= each.start.slice(0, 10));
    if (sum) for (const name of AMOUNTS) sum[name] += each[name];
  }
  return sums;
}

/** The panel #totals. */
export class Totals {
  period: Period;
  body: HTMLElement;

  constructor() {
    this.period = FIRST_PERIOD;
    this.body = h("div", { "aria-live": "off" });
    byId("totals").append(this.choice(), this.body);
  }

  choice() {
    const names = Object.keys(PERIODS) as Period[];
    return h("fieldset", { class: "periods" }, h("legend", { class: "visually-hidden" }, t("period")),
      names.map((name) => h("label", null,
        h("input", { type: "radio", name: "period", value: name, checked: name === this.period, onchange: () => { this.period = name; void this.show(); } }),
        h("span", null, PERIODS[name].label))));
  }

  /** Load and show the totals of the selected period. @param overview what the page loads when it opens */
  async show(overview?: Promise<Overview>) {
    const period = this.period;
    try {
      const loaded = period === FIRST_PERIOD ? await overview : undefined;
      const athlete = await api.athlete();
      const today = trainingDay(clockZone()); // after `athlete()`, which loads the user's time zone and first day of the week
      const starts = periodStarts(period, today, firstDayOfWeek());
      const totals = loaded?.days ?? await api.totals({ athlete, period: period === "WEEK" ? "DAY" : period, from: starts[0], to: addDays(today, 1) });
      if (period === this.period) this.draw(starts, summed(starts, totals));
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error;
      if (period !== this.period) return;
      this.body.replaceChildren(
        h("p", { class: "muted" }, t("totals-not-loaded", { reason: error.message }), error.reference ? ` ${t("reference")} ${error.reference}` : ""),
        h("button", { class: "button", type: "button", onclick: () => void this.show() }, t("try-again")));
    }
  }

  draw(starts: string[], sums: Sum[]) {
    const { now, short, long } = PERIODS[this.period];
    const bars = sums.map((sum) => ({
      label: calendarDay(sum.start, short), value: sum.repetitions,
      name: t("repetitions-in-sessions", { day: calendarDay(sum.start, long), repetitions: sum.repetitions, sessions: sum.sessions }),
    }));
    const table = this.table(sums, long);
    table.hidden = true;
    const toggle = h("button", { class: "button", type: "button", "aria-expanded": "false", onclick: () => {
      table.hidden = !table.hidden;
      toggle.setAttribute("aria-expanded", String(!table.hidden));
      toggle.textContent = table.hidden ? t("show-as-table") : t("hide-table");
    } }, t("show-as-table"));
    const chart = bars.some((bar) => bar.value)
      ? barChart(bars, PERIODS[this.period].chart)
      : h("p", { class: "muted" }, t("no-repetitions-since", { day: calendarDay(starts[0], long) }));
    this.body.replaceChildren(this.latest(sums[sums.length - 1], now), chart, toggle, table);
  }

  latest(sum: Sum, when: string) {
    const facts = [[when, sum.repetitions], [t("nav-sessions"), sum.sessions], [t("time"), length(sum.durationMs)], [t("energy"), energy(sum.caloriesKcal)]];
    return h("dl", { class: "totals-now" }, facts.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
  }

  table(sums: Sum[], long: Intl.DateTimeFormatOptions) {
    const { label, caption } = PERIODS[this.period];
    return h("table", { class: "data" },
      h("caption", null, caption),
      h("thead", null, h("tr", null, [label, t("reps"), t("nav-sessions"), t("time"), t("energy")].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", null, sums.toReversed().map((sum) => h("tr", null,
        h("th", { scope: "row" }, calendarDay(sum.start, long)),
        [sum.repetitions, sum.sessions, length(sum.durationMs), energy(sum.caloriesKcal)].map((value) => h("td", null, value))))));
  }
}
