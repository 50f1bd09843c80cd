/**
 * Series of figures by week: what each group of the page shows, and their charts and table.
 * @module
 */

import { TrendChart } from "../health/trend-chart.ts";
import { calendarDay, decimal, number } from "../i18n/format.ts";
import { LANGUAGE, t } from "../i18n/l10n.ts";
import { digitsOf } from "../plans/amounts.ts";
import { behindToggle, table } from "../ui/data-table.ts";
import { h } from "../ui/dom.ts";
import type { Schemas } from "../api/client.ts";

export type Population = Schemas["Population"];
type Week = Population["weeks"][number];
/** `axis` is what is drawn of a value. */
type Series = {name: string, of: (week: Week) => number | null | undefined, text: (value: number) => string, axis?: (value: number) => number};

const DATED = { day: "numeric", month: "short", year: "numeric" } as const;
const SHORT = { day: "numeric", month: "short" } as const;

/** Names of all plans or currencies that any week shows, sorted. */
const distinct = (names: string[]) => [...new Set(names)].sort();

const money = (minor: number, currency: string) => new Intl.NumberFormat(LANGUAGE, { style: "currency", currency, maximumFractionDigits: 0 }).format(minor / 10 ** digitsOf(currency));

/** The series of a group. @param titles of plans */
export function seriesOf(group: "training" | "enrollments" | "payments" | "recommendations", weeks: Week[], titles: Map<string, string>): Series[] {
  switch (group) {
    case "training": return [
      { name: t("analytics-athletes"), of: (week) => week.athletes, text: number },
      { name: t("analytics-sessions"), of: (week) => week.sessions, text: number },
      { name: t("analytics-repetitions"), of: (week) => week.repetitions, text: number },
    ];
    case "recommendations": return [
      { name: t("analytics-viewed"), of: (week) => week.recommendationsViewed, text: number },
      { name: t("analytics-opened"), of: (week) => week.recommendationsOpened, text: number },
    ];
    case "enrollments": return distinct(weeks.flatMap(({ plans }) => plans.map(({ planId }) => planId))).flatMap((id) => {
      const of = ({ plans }: Week) => plans.find(({ planId }) => planId === id);
      const plan = titles.get(id) ?? id;
      return [
        { name: t("analytics-enrolled", { plan }), of: (week: Week) => of(week)?.enrolled, text: number },
        { name: t("analytics-paid", { plan }), of: (week: Week) => of(week)?.paid, text: number },
      ];
    });
    case "payments": return distinct(weeks.flatMap(({ currencies }) => currencies.map(({ currency }) => currency))).flatMap((code) => {
      const of = ({ currencies }: Week) => currencies.find(({ currency }) => currency === code);
      return [
        { name: t("analytics-payments", { currency: code }), of: (week: Week) => of(week)?.payments, text: number },
        { name: t("analytics-amount", { currency: code }), of: (week: Week) => of(week)?.amountMinor, text: (minor: number) => money(minor, code), axis: (minor: number) => minor / 10 ** digitsOf(code) },
      ];
    });
  }
}

/** Text of a figure; one that is not shown says so. */
function textOf({ of, text }: Series, week: Week) {
  const value = of(week);
  return typeof value === "number" ? text(value) : t("analytics-not-shown");
}

/** What is drawn of a week; null if the figure is not shown. */
function drawnOf({ of, axis }: Series, week: Week) {
  const value = of(week);
  return typeof value === "number" ? (axis?.(value) ?? value) : null;
}

/** Whether any week shows the series. */
const isShown = ({ of }: Series, weeks: Week[]) => weeks.some((week) => typeof of(week) === "number");

/** The charts of the series that have figures, and a table of all. */
export function chartsOf(series: Series[], weeks: Week[], title: string): {charts: TrendChart[], parts: HTMLElement[]} {
  const shown = series.filter((each) => isShown(each, weeks));
  const drawn = shown.map((each) => ({
    name: each.name,
    chart: new TrendChart(
      weeks.map((week) => ({ day: week.week, value: drawnOf(each, week), text: t("analytics-point", { day: calendarDay(week.week, DATED), figure: textOf(each, week) }) })),
      { name: t("analytics-chart", { figure: each.name }), tick: (value) => decimal(value, 0, 1), date: (day) => calendarDay(day, SHORT) }),
  }));
  const rows = weeks.toReversed().map((week) => [calendarDay(week.week, DATED), ...shown.map((each) => textOf(each, week))]);
  const hidden = series.filter((each) => !shown.includes(each)).map(({ name }) => name);
  return {
    charts: drawn.map(({ chart }) => chart),
    parts: [
      h("div", { class: "figure-charts" }, drawn.map(({ name, chart }) => h("section", null, h("h3", null, name), chart.element))),
      ...(hidden.length ? [h("p", { class: "muted" }, t("analytics-hidden", { figures: new Intl.ListFormat(LANGUAGE).format(hidden) }))] : []),
      h("div", { class: "panel-foot" }, behindToggle(title, table(t("newest-first"), [t("analytics-week"), ...shown.map(({ name }) => name)], rows))),
    ],
  };
}
