/**
 * Training totals of the home page, by day, week or month, as bar chart and table.
 * @module
 */

import * as api from "../api/client.js";
import { barChart } from "../ui/bar-chart.js";
import { addDays, startOf, todayIn, weekday } from "../i18n/calendar.js";
import { clockZone, firstDayOfWeek } from "../i18n/display-settings.js";
import { byId, h } from "../ui/dom.js";
import { calendarDay, counted, energy, length } from "../i18n/format.js";

/** @typedef {"DAY" | "WEEK" | "MONTH"} Period */
/** @typedef {{start: string, sessions: number, repetitions: number, durationMs: number, caloriesKcal: number}} Sum */

const AMOUNTS = /** @type {const} */ (["sessions", "repetitions", "durationMs", "caloriesKcal"]);

const PERIODS = {
  DAY: { label: "Day", now: "today", count: 7, short: { weekday: "short" }, long: { weekday: "long", day: "numeric", month: "long" } },
  WEEK: { label: "Week", now: "this week", count: 6, short: { day: "numeric", month: "short" }, long: { day: "numeric", month: "long", year: "numeric" } },
  MONTH: { label: "Month", now: "this month", count: 6, short: { month: "short" }, long: { month: "long", year: "numeric" } },
};

/**
 * First days of the latest periods, oldest first.
 * @param {Period} period
 * @param {string} today
 * @param {number} firstDay first day of the week, 0 for Sunday
 * @returns {string[]} YYYY-MM-DD
 */
export function periodStarts(period, today, firstDay) {
  const begun = addDays(today, -((weekday(today) + 8 - firstDay) % 7));
  const start = (/** @type {number} */ ago) => (period === "WEEK" ? addDays(begun, -7 * ago) : startOf(period, today, -ago));
  return Array.from({ length: PERIODS[period].count }, (_, index) => start(PERIODS[period].count - 1 - index));
}

/**
 * Sum daily totals up to periods: the server's weeks start on Monday, the user's on the preferred day.
 * @param {string[]} starts first days of the periods, oldest first
 * @param {Sum[]} totals sums by day or by period
 * @returns {Sum[]} one for each period
 */
export function summed(starts, totals) {
  const sums = starts.map((start) => ({ start, sessions: 0, repetitions: 0, durationMs: 0, caloriesKcal: 0 }));
  for (const each of totals) {
    const sum = sums.findLast(({ start }) => start <= each.start.slice(0, 10));
    if (sum) for (const name of AMOUNTS) sum[name] += each[name];
  }
  return sums;
}

/** The panel #totals. */
export class Totals {
  constructor() {
    /** @type {Period} */
    this.period = "WEEK";
    this.body = h("div", { "aria-live": "off" });
    byId("totals").append(this.choice(), this.body);
  }

  choice() {
    const names = /** @type {Period[]} */ (Object.keys(PERIODS));
    return h("fieldset", { class: "periods" }, h("legend", { class: "visually-hidden" }, "Period"),
      names.map((name) => h("label", null,
        h("input", { type: "radio", name: "period", value: name, checked: name === this.period, onchange: () => { this.period = name; void this.show(); } }),
        h("span", null, PERIODS[name].label))));
  }

  /** Load and show the totals of the selected period. */
  async show() {
    const period = this.period;
    try {
      const athlete = await api.athlete();
      const today = todayIn(clockZone()); // after `athlete()`, which loads the user's time zone and first day of the week
      const starts = periodStarts(period, today, firstDayOfWeek());
      const totals = await api.totals({ athlete, period: period === "WEEK" ? "DAY" : period, from: starts[0], to: addDays(today, 1) });
      if (period === this.period) this.draw(starts, summed(starts, totals));
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error;
      this.body.replaceChildren(
        h("p", { class: "muted" }, `The totals could not be loaded: ${error.message} Your sessions are safe.${error.reference ? ` Reference: ${error.reference}` : ""}`),
        h("button", { class: "button", type: "button", onclick: () => void this.show() }, "Try again"));
    }
  }

  /** @param {string[]} starts @param {Sum[]} sums */
  draw(starts, sums) {
    const { now, short, long } = PERIODS[this.period];
    const bars = sums.map((sum) => ({
      label: calendarDay(sum.start, short), value: sum.repetitions,
      name: `${calendarDay(sum.start, long)}: ${counted(sum.repetitions, "repetition")} in ${counted(sum.sessions, "session")}`,
    }));
    const table = this.table(sums, long);
    table.hidden = true;
    const toggle = h("button", { class: "button", type: "button", "aria-expanded": "false", onclick: () => {
      table.hidden = !table.hidden;
      toggle.setAttribute("aria-expanded", String(!table.hidden));
      toggle.textContent = table.hidden ? "Show as table" : "Hide table";
    } }, "Show as table");
    const chart = bars.some((bar) => bar.value)
      ? barChart(bars, `Repetitions by ${PERIODS[this.period].label.toLowerCase()}`)
      : h("p", { class: "muted" }, `No repetitions since ${calendarDay(starts[0], long)}.`);
    this.body.replaceChildren(this.latest(sums[sums.length - 1], now), chart, toggle, table);
  }

  /** @param {Sum} sum @param {string} when */
  latest(sum, when) {
    const facts = [[`Reps ${when}`, sum.repetitions], ["Sessions", sum.sessions], ["Time", length(sum.durationMs)], ["Energy", energy(sum.caloriesKcal)]];
    return h("dl", { class: "totals-now" }, facts.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
  }

  /** @param {Sum[]} sums @param {Intl.DateTimeFormatOptions} long */
  table(sums, long) {
    const label = PERIODS[this.period].label;
    return h("table", { class: "data" },
      h("caption", null, `Totals by ${label.toLowerCase()}, newest first`),
      h("thead", null, h("tr", null, [label, "Reps", "Sessions", "Time", "Energy"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", null, sums.toReversed().map((sum) => h("tr", null,
        h("th", { scope: "row" }, calendarDay(sum.start, long)),
        [sum.repetitions, sum.sessions, length(sum.durationMs), energy(sum.caloriesKcal)].map((value) => h("td", null, value))))));
  }
}
