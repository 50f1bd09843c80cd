/**
 * Totals panel: bar chart, comparison with the previous period, and averages.
 * @module
 */

import "./texts.ts";
import * as api from "../api/client.ts";
import { barChart } from "../ui/bar-chart.ts";
import { addDays, periodsUntil, startOf, type Period, type Stretch } from "../i18n/calendar.ts";
import { firstDayOfWeek } from "../i18n/display-settings.ts";
import { byId, h } from "../ui/dom.ts";
import { exportButtons } from "../session/export-buttons.ts";
import { calendarDay, decimal, energy, length } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { exportPath } from "../session/filters.ts";
import { behindToggle, table } from "../ui/data-table.ts";
import { Panel } from "./panel.ts";
import { compared, drawn, MEASURES, together, type Sum } from "./sums.ts";
import { sessionListUrl, completedSessionFilters, type View } from "./filters.ts";

const PERIODS: Record<Period, {label: string, unit: string, count: number, short: Intl.DateTimeFormatOptions, long: Intl.DateTimeFormatOptions}> = {
  DAY: { label: t("period-day"), unit: "day", count: 7, short: { weekday: "short" }, long: { weekday: "long", day: "numeric", month: "long" } },
  WEEK: { label: t("period-week"), unit: "week", count: 8, short: { day: "numeric", month: "short" }, long: { day: "numeric", month: "long", year: "numeric" } },
  MONTH: { label: t("period-month"), unit: "month", count: 12, short: { month: "short" }, long: { month: "long", year: "numeric" } },
  YEAR: { label: t("history-period-year"), unit: "year", count: 5, short: { year: "numeric" }, long: { year: "numeric" } },
};

/** On wide pages the chart is wider. */
const WIDE = matchMedia("(min-width: 56.25em)");

/** The periods that are shown. @returns its periods, oldest first */
export function stretches(view: View, today: string): Stretch[] {
  const until = view.until && view.until < today ? view.until : today;
  return periodsUntil(view.period, until, PERIODS[view.period].count, firstDayOfWeek());
}

/** The panel #totals. */
export class TotalsPanel {
  go: (change: Partial<View>) => void;
  panel: Panel;
  earlier: HTMLButtonElement;
  later: HTMLButtonElement;
  measure: HTMLSelectElement;
  redraw: () => void;

  /** @param go changes the filters */
  constructor(go: (change: Partial<View>) => void) {
    this.go = go;
    this.panel = new Panel(byId("totals-body"));
    this.earlier = h("button", { class: "button", type: "button" }, t("earlier"));
    this.later = h("button", { class: "button", type: "button" }, t("later"));
    this.measure = h("select", { id: "measure", onchange: () => go({ measure: this.measure.value as View["measure"] }) },
      Object.entries(MEASURES).map(([id, { label }]) => h("option", { value: id }, label)));
    byId("totals-controls").append(this.choice(), h("label", { class: "field inline", for: "measure" }, h("span", null, t("home-show")), this.measure),
      h("div", { class: "move", role: "group", "aria-label": t("history-other-periods") }, this.earlier, this.later));
    WIDE.addEventListener("change", () => this.redraw());
    this.redraw = () => {};
  }

  choice() {
    return h("fieldset", { class: "periods" }, h("legend", { class: "visually-hidden" }, t("period")),
      Object.entries(PERIODS).map(([name, { label }]) => h("label", null,
        h("input", { type: "radio", name: "period", value: name, onchange: () => this.go({ period: name as View["period"], until: "" }) }),
        h("span", null, label))));
  }

  show(view: View, context: {id: string, signedIn: string | null, zone: string, today: string}) {
    const shown = stretches(view, context.today);
    const [first, newest] = [shown[0], shown[shown.length - 1]];
    for (const box of byId("totals-controls").querySelectorAll("input")) box.checked = box.value === view.period;
    this.measure.value = view.measure;
    this.earlier.onclick = () => this.go({ until: addDays(first.start, -1) });
    const ahead = startOf(view.period, newest.start, shown.length, firstDayOfWeek());
    const atEnd = newest.last >= context.today;
    this.later.setAttribute("aria-disabled", String(atEnd));
    this.later.onclick = () => { if (!atEnd) this.go({ until: ahead < context.today ? ahead : "" }); };
    const period = view.period === "WEEK" ? "DAY" : view.period; // the server's weeks begin on Monday
    return this.panel.fill(
      () => api.totals({ athlete: context.id, period, from: first.start, to: addDays(newest.last, 1) }),
      (totals) => this.draw(view, shown, totals, context));
  }

  draw(view: View, shown: Stretch[], totals: Sum[], context: {today: string, zone: string, signedIn: string | null}) {
    const sums = shown.map((stretch) => together(totals, stretch));
    const place = h("div", { class: "chart" });
    this.redraw = () => place.replaceChildren(this.chart(view, shown, sums));
    this.redraw();
    const range = { since: shown[0].start, until: shown[shown.length - 1].last };
    const whole = together(sums, { start: range.since, last: range.until });
    return [
      h("div", { class: "totals-grid" }, place, this.newest(view, shown, sums, context.today)),
      this.averages(view, whole, range, shown.length),
      h("div", { class: "panel-foot" }, whole.sessions > 0 && behindToggle(t("history-totals-table"), this.table(view, shown, sums)),
        whole.sessions > 0 && exportButtons(async (format) => exportPath(completedSessionFilters(range), { zone: context.zone, athlete: context.signedIn }, format))),
    ];
  }

  chart(view: View, shown: Stretch[], sums: Sum[]) {
    const measure = MEASURES[view.measure];
    const { unit, short } = PERIODS[view.period];
    const bars = sums.map((sum, at) => {
      const value = measure.value(sum);
      return { label: calendarDay(sum.start, short), value: value ?? 0, text: value === null ? "" : drawn(measure, value),
        name: `${named(view, sum.start)}: ${inWords(sum)}`, href: sum.sessions ? sessionListUrl({ since: shown[at].start, until: shown[at].last }) : undefined };
    });
    const name = t(`history-chart-${unit}`, { measure: measure.axis ?? measure.label });
    if (!bars.some((bar) => bar.value)) return this.nothing(view, shown, sums.some(({ sessions }) => sessions > 0));
    return h("figure", null, h("figcaption", { class: "muted" }, name), barChart(bars, name, WIDE.matches ? { width: 720, height: 240 } : {}));
  }

  /** Say what there is none of. @param hasSessions whether there was training, such as a hold, which has no repetitions */
  nothing({ measure }: View, shown: Stretch[], hasSessions: boolean) {
    const dated = (day: string) => calendarDay(day, { day: "numeric", month: "long", year: "numeric" });
    const [from, until] = [dated(shown[0].start), dated(shown[shown.length - 1].last)];
    const none = hasSessions ? t("history-no-amount", { measure: MEASURES[measure].label, from, until }) : t("history-no-training", { from, until });
    return h("div", { class: "empty-state" },
      h("p", null, measure === "form" ? t("history-no-form", { from, until }) : none),
      h("p", null, h("a", { href: "/pose_realtime.html" }, t("coach-title")), ` ${t("or")} `, h("a", { href: "/" }, t("analyze-a-video")), "."));
  }

  newest(view: View, shown: Stretch[], sums: Sum[], today: string) {
    const [before, now] = sums.slice(-2);
    const { start, last } = shown[shown.length - 1];
    const { unit } = PERIODS[view.period];
    const goesOn = last >= today;
    const facts = Object.values(MEASURES).map((measure) => {
      const value = measure.value(now);
      const text = value === null ? h("span", { class: "unmeasured" }, t("not-measured")) : measure.text(value);
      return h("div", null, h("dt", null, measure.label),
        h("dd", null, now.sessions && value !== null ? h("a", { href: sessionListUrl({ since: start, until: last }) }, text) : text,
          inSmall(compared(measure, now, before, unit, goesOn))));
    });
    const title = goesOn ? t(`history-so-far-${unit}`) : named(view, start);
    return h("div", null, h("h3", null, title), h("dl", { class: "totals-now" }, facts));
  }

  averages(view: View, whole: Sum, range: {since: string, until: string}, count: number) {
    const { unit } = PERIODS[view.period];
    if (!whole.sessions) return null;
    const each = (value: number) => value / whole.sessions;
    const facts = [
      [t(`history-sessions-per-${unit}`), decimal(whole.sessions / count, 1)], [t(`history-time-per-${unit}`), length(whole.durationMs / count)],
      [t("history-repetitions-per-session"), decimal(each(whole.repetitions), 1)], [t("history-time-per-session"), length(each(whole.durationMs))],
      [t("history-energy-per-session"), energy(each(whole.caloriesKcal))],
    ];
    return h("div", null,
      h("h3", null, t(`history-averages-${unit}`, { count })),
      h("p", { class: "muted" }, h("a", { href: sessionListUrl(range) }, t("count-sessions", { count: whole.sessions })), ". ", t(`history-averages-what-${unit}`)),
      h("dl", { class: "totals-now averages" }, facts.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value)))));
  }

  table(view: View, shown: Stretch[], sums: Sum[]) {
    const { label, unit } = PERIODS[view.period];
    const rows = sums.map((sum, at) => [
      named(view, sum.start),
      sum.sessions ? h("a", { href: sessionListUrl({ since: shown[at].start, until: shown[at].last }) }, sum.sessions) : 0,
      sum.repetitions, sum.verifiedRepetitions, length(sum.durationMs), energy(sum.caloriesKcal), sum.accuracy === null ? t("not-measured") : MEASURES.form.text(sum.accuracy),
    ]);
    return table(t(`history-totals-by-${unit}`), [label, t("nav-sessions"), t("history-repetitions"), t("verified"), t("time"), t("energy"), t("form")], rows.reverse());
  }
}

function inSmall(words: string | null) {
  return words && h("small", null, words);
}

function named(view: View, start: string) {
  const day = calendarDay(start, PERIODS[view.period].long);
  return view.period === "WEEK" ? t("history-week-of", { day }) : day;
}

function inWords(sum: Sum) {
  if (!sum.sessions) return t("history-day-none");
  const facts = [
    t("history-sum", {
      repetitions: t("count-repetitions", { count: sum.repetitions }), sessions: t("count-sessions", { count: sum.sessions }),
      verified: sum.verifiedRepetitions === sum.repetitions ? t("history-all-verified") : t("history-some-verified", { count: sum.verifiedRepetitions }),
    }), length(sum.durationMs), energy(sum.caloriesKcal),
  ];
  if (sum.accuracy !== null) facts.push(t("athletes-form", { form: MEASURES.form.text(sum.accuracy) }));
  return facts.join(", ");
}
