/**
 * Totals panel: bar chart, comparison with the previous period, and averages.
 * @module
 */

import * as api from "../api/client.js";
import { barChart } from "../ui/bar-chart.js";
import { addDays, periodsUntil, startOf } from "../i18n/calendar.js";
import { byId, h } from "../ui/dom.js";
import { exportButtons } from "../session/export-buttons.js";
import { calendarDay, counted, energy, length, number } from "../i18n/format.js";
import { exportPath } from "../session/filters.js";
import { behindToggle, table } from "../ui/data-table.js";
import { Panel } from "./panel.js";
import { compared, drawn, MEASURES, nothing, together } from "./sums.js";
import { sessionListUrl, completedSessionFilters } from "./filters.js";

/** @typedef {import("./sums.js").Sum} Sum */
/** @typedef {import("./filters.js").View} View */
/** @typedef {import("../i18n/calendar.js").Stretch} Stretch */

/** @type {Record<import("./filters.js").Period, {label: string, unit: string, count: number, short: Intl.DateTimeFormatOptions, long: Intl.DateTimeFormatOptions, prefix: string}>} */
const PERIODS = {
  DAY: { label: "Day", unit: "day", count: 7, prefix: "", short: { weekday: "short" }, long: { weekday: "long", day: "numeric", month: "long" } },
  WEEK: { label: "Week", unit: "week", count: 8, prefix: "Week of ", short: { day: "numeric", month: "short" }, long: { day: "numeric", month: "long", year: "numeric" } },
  MONTH: { label: "Month", unit: "month", count: 12, prefix: "", short: { month: "short" }, long: { month: "long", year: "numeric" } },
  YEAR: { label: "Year", unit: "year", count: 5, prefix: "", short: { year: "numeric" }, long: { year: "numeric" } },
};

/** On wide pages the chart is wider. */
const WIDE = matchMedia("(min-width: 56.25em)");

/** The periods that are shown. @param {View} view @param {string} today @returns {Stretch[]} its periods, oldest first */
export function stretches(view, today) {
  const until = view.until && view.until < today ? view.until : today;
  return periodsUntil(view.period, until, PERIODS[view.period].count);
}

/** The panel #totals. */
export class TotalsPanel {
  /** @param {(change: Partial<View>) => void} go changes the filters */
  constructor(go) {
    this.go = go;
    this.panel = new Panel(byId("totals-body"));
    this.earlier = h("button", { class: "button", type: "button" }, "Earlier");
    this.later = h("button", { class: "button", type: "button" }, "Later");
    this.measure = h("select", { id: "measure", onchange: () => go({ measure: this.measure.value }) },
      Object.entries(MEASURES).map(([id, { label }]) => h("option", { value: id }, label)));
    byId("totals-controls").append(this.choice(), h("label", { class: "field inline", for: "measure" }, h("span", null, "Show"), this.measure),
      h("div", { class: "move", role: "group", "aria-label": "Other periods" }, this.earlier, this.later));
    WIDE.addEventListener("change", () => this.redraw());
    this.redraw = () => {};
  }

  choice() {
    return h("fieldset", { class: "periods" }, h("legend", { class: "visually-hidden" }, "Period"),
      Object.entries(PERIODS).map(([name, { label }]) => h("label", null,
        h("input", { type: "radio", name: "period", value: name, onchange: () => this.go({ period: /** @type {View["period"]} */ (name), until: "" }) }),
        h("span", null, label))));
  }

  /** @param {View} view @param {{id: string, signedIn: string | null, zone: string, today: string}} whose */
  show(view, whose) {
    const shown = stretches(view, whose.today);
    const [first, newest] = [shown[0], shown[shown.length - 1]];
    byId("totals-controls").querySelector(`[value="${view.period}"]`).checked = true;
    this.measure.value = view.measure;
    this.earlier.onclick = () => this.go({ until: addDays(first.start, -1) });
    const ahead = startOf(view.period, newest.start, shown.length);
    const atEnd = newest.last >= whose.today;
    this.later.setAttribute("aria-disabled", String(atEnd));
    this.later.onclick = () => { if (!atEnd) this.go({ until: ahead < whose.today ? ahead : "" }); };
    return this.panel.fill(
      () => api.totals({ athlete: whose.id, period: view.period, from: first.start, to: addDays(newest.last, 1) }),
      (totals) => this.draw(view, shown, totals, whose));
  }

  /** @param {View} view @param {Stretch[]} shown @param {Sum[]} totals @param {any} whose */
  draw(view, shown, totals, whose) {
    const byStart = new Map(totals.map((sum) => [sum.start, sum]));
    const sums = shown.map(({ start }) => byStart.get(start) ?? nothing(start));
    const place = h("div", { class: "chart" });
    this.redraw = () => place.replaceChildren(this.chart(view, shown, sums));
    this.redraw();
    const range = { since: shown[0].start, until: shown[shown.length - 1].last };
    const whole = together(sums);
    return [
      h("div", { class: "totals-grid" }, place, this.newest(view, shown, sums, whose.today)),
      this.averages(view, whole, range, shown.length),
      h("div", { class: "panel-foot" }, whole.sessions > 0 && behindToggle("Totals as a table", this.table(view, shown, sums)),
        whole.sessions > 0 && exportButtons(async (format) => exportPath(completedSessionFilters(range), { zone: whose.zone, athlete: whose.signedIn }, format))),
    ];
  }

  /** @param {View} view @param {Stretch[]} shown @param {Sum[]} sums */
  chart(view, shown, sums) {
    const measure = MEASURES[view.measure];
    const { label, short } = PERIODS[view.period];
    const bars = sums.map((sum, at) => {
      const value = measure.value(sum);
      return { label: calendarDay(sum.start, short), value: value ?? 0, text: value === null ? "" : drawn(measure, value),
        name: `${named(view, sum.start)}: ${inWords(sum)}`, href: sum.sessions ? sessionListUrl({ since: shown[at].start, until: shown[at].last }) : undefined };
    });
    const name = `${measure.label}${measure.unit && `, ${measure.unit}`}, by ${label.toLowerCase()}`;
    if (!bars.some((bar) => bar.value)) return this.nothing(view, shown);
    return h("figure", null, h("figcaption", { class: "muted" }, name), barChart(bars, name, WIDE.matches ? { width: 720, height: 240 } : {}));
  }

  /** @param {View} view @param {Stretch[]} shown */
  nothing(view, shown) {
    const dated = (/** @type {string} */ day) => calendarDay(day, { day: "numeric", month: "long", year: "numeric" });
    const what = view.measure === "form" ? "No form was measured" : "No training";
    return h("div", { class: "empty-state" },
      h("p", null, `${what} from ${dated(shown[0].start)} to ${dated(shown[shown.length - 1].last)}.`),
      h("p", null, h("a", { href: "/pose_realtime.html" }, "Train with your camera"), ", or ", h("a", { href: "/" }, "analyze a video"), "."));
  }

  /** @param {View} view @param {Stretch[]} shown @param {Sum[]} sums @param {string} today */
  newest(view, shown, sums, today) {
    const [before, now] = sums.slice(-2);
    const { start, last } = shown[shown.length - 1];
    const { unit } = PERIODS[view.period];
    const goesOn = last >= today;
    const facts = Object.values(MEASURES).map((measure) => {
      const value = measure.value(now);
      const text = value === null ? h("span", { class: "unmeasured" }, "not measured") : measure.text(value);
      return h("div", null, h("dt", null, measure.label),
        h("dd", null, now.sessions && value !== null ? h("a", { href: sessionListUrl({ since: start, until: last }) }, text) : text,
          inSmall(compared(measure, now, before, unit, goesOn))));
    });
    const title = goesOn ? (unit === "day" ? "Today so far" : `This ${unit} so far`) : named(view, start);
    return h("div", null, h("h3", null, title), h("dl", { class: "totals-now" }, facts));
  }

  /** @param {View} view @param {Sum} whole @param {{since: string, until: string}} range @param {number} count */
  averages(view, whole, range, count) {
    const { unit } = PERIODS[view.period];
    if (!whole.sessions) return null;
    const each = (/** @type {number} */ value) => value / whole.sessions;
    const facts = [
      [`Sessions per ${unit}`, (whole.sessions / count).toFixed(1)], [`Time per ${unit}`, length(whole.durationMs / count)],
      ["Repetitions per session", each(whole.repetitions).toFixed(1)], ["Time per session", length(each(whole.durationMs))],
      ["Energy per session", energy(each(whole.caloriesKcal))],
    ];
    return h("div", null,
      h("h3", null, `Averages over these ${count} ${unit}s`),
      h("p", { class: "muted" }, "From ", h("a", { href: sessionListUrl(range) }, counted(whole.sessions, "session")), `; ${unit}s without training are included.`),
      h("dl", { class: "totals-now averages" }, facts.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value)))));
  }

  /** @param {View} view @param {Stretch[]} shown @param {Sum[]} sums */
  table(view, shown, sums) {
    const { label } = PERIODS[view.period];
    const rows = sums.map((sum, at) => [
      named(view, sum.start),
      sum.sessions ? h("a", { href: sessionListUrl({ since: shown[at].start, until: shown[at].last }) }, sum.sessions) : 0,
      sum.repetitions, sum.verifiedRepetitions, length(sum.durationMs), energy(sum.caloriesKcal), sum.accuracy === null ? "not measured" : MEASURES.form.text(sum.accuracy),
    ]);
    return table(`Totals by ${label.toLowerCase()}, newest first`, [label, "Sessions", "Repetitions", "Verified", "Time", "Energy", "Form"], rows.reverse());
  }
}

/** @param {string | null} words */
function inSmall(words) {
  return words && h("small", null, words);
}

/** @param {View} view @param {string} start */
function named(view, start) {
  const { prefix, long } = PERIODS[view.period];
  return `${prefix}${calendarDay(start, long)}`;
}

/** @param {Sum} sum */
function inWords(sum) {
  if (!sum.sessions) return "no training";
  const verified = sum.verifiedRepetitions === sum.repetitions ? "verified" : `${number(sum.verifiedRepetitions)} verified`;
  const form = sum.accuracy === null ? "" : `, form ${MEASURES.form.text(sum.accuracy)}`;
  return `${counted(sum.repetitions, "repetition")} (${verified}) in ${counted(sum.sessions, "session")}, ${length(sum.durationMs)}, ${energy(sum.caloriesKcal)}${form}`;
}
