/**
 * Series of figures by week: what each group of the page shows, and their charts and table.
 * @module
 */

import { TrendChart } from "../health/trend-chart.js";
import { calendarDay, decimal, number } from "../i18n/format.js";
import { LANGUAGE, t } from "../i18n/l10n.js";
import { digitsOf } from "../plans/amounts.js";
import { behindToggle, table } from "../ui/data-table.js";
import { h } from "../ui/dom.js";

/** @typedef {import("../api/client.js").Schemas["Population"]} Population */
/** @typedef {Population["weeks"][number]} Week */
/** @typedef {{name: string, of: (week: Week) => number | null | undefined, text: (value: number) => string, axis?: (value: number) => number}} Series `axis` is what is drawn of a value. */

const DATED = /** @type {const} */ ({ day: "numeric", month: "short", year: "numeric" });
const SHORT = /** @type {const} */ ({ day: "numeric", month: "short" });

/** Names of all plans or currencies that any week shows, sorted. @param {string[]} names */
const distinct = (names) => [...new Set(names)].sort();

/** @param {number} minor @param {string} currency */
const money = (minor, currency) => new Intl.NumberFormat(LANGUAGE, { style: "currency", currency, maximumFractionDigits: 0 }).format(minor / 10 ** digitsOf(currency));

/** The series of a group. @param {"training" | "enrollments" | "payments" | "recommendations"} group @param {Week[]} weeks @param {Map<string, string>} titles of plans @returns {Series[]} */
export function seriesOf(group, weeks, titles) {
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
      const of = (/** @type {Week} */ { plans }) => plans.find(({ planId }) => planId === id);
      const plan = titles.get(id) ?? id;
      return [
        { name: t("analytics-enrolled", { plan }), of: (/** @type {Week} */ week) => of(week)?.enrolled, text: number },
        { name: t("analytics-paid", { plan }), of: (/** @type {Week} */ week) => of(week)?.paid, text: number },
      ];
    });
    case "payments": return distinct(weeks.flatMap(({ currencies }) => currencies.map(({ currency }) => currency))).flatMap((code) => {
      const of = (/** @type {Week} */ { currencies }) => currencies.find(({ currency }) => currency === code);
      return [
        { name: t("analytics-payments", { currency: code }), of: (/** @type {Week} */ week) => of(week)?.payments, text: number },
        { name: t("analytics-amount", { currency: code }), of: (/** @type {Week} */ week) => of(week)?.amountMinor, text: (/** @type {number} */ minor) => money(minor, code), axis: (/** @type {number} */ minor) => minor / 10 ** digitsOf(code) },
      ];
    });
  }
}

/** Text of a figure; one that is not shown says so. @param {Series} series @param {Week} week */
function textOf({ of, text }, week) {
  const value = of(week);
  return typeof value === "number" ? text(value) : t("analytics-not-shown");
}

/** What is drawn of a week; null if the figure is not shown. @param {Series} series @param {Week} week */
function drawnOf({ of, axis }, week) {
  const value = of(week);
  return typeof value === "number" ? (axis?.(value) ?? value) : null;
}

/** Whether any week shows the series. @param {Series} series @param {Week[]} weeks */
const isShown = ({ of }, weeks) => weeks.some((week) => typeof of(week) === "number");

/**
 * The charts of the series that have figures, and a table of all.
 * @param {Series[]} series @param {Week[]} weeks @param {string} title @returns {{charts: TrendChart[], parts: HTMLElement[]}}
 */
export function chartsOf(series, weeks, title) {
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
