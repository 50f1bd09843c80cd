/**
 * Retention: a table of cohorts by month, and a chart of who came back in the month after the first.
 * @module
 */

import { TrendChart } from "../health/trend-chart.js";
import { calendarDay, number, percent } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { sideways, table } from "../ui/data-table.js";
import { h } from "../ui/dom.js";

/** @typedef {import("../api/client.js").Schemas["RetentionCohort"]} Cohort */

const SHORT = /** @type {const} */ ({ day: "numeric", month: "short" }); // of few months, ticks are days
const MONTH = /** @type {const} */ ({ month: "short", year: "numeric" });

/** Share of a cohort that trained some months after its first; null if it is not shown. @param {Cohort} cohort @param {number} after */
function shareOf({ months }, after) {
  const [first, then] = [months[0].athletes, months[after]?.athletes];
  return first && typeof then === "number" ? then / first : null;
}

/** @param {Cohort} cohort @param {number} after */
function cellOf(cohort, after) {
  if (after >= cohort.months.length) return "";
  const share = shareOf(cohort, after);
  return share === null ? t("analytics-not-shown") : percent(share);
}

/** @param {Cohort[]} cohorts the oldest first @param {string} title @returns {{charts: TrendChart[], parts: HTMLElement[]}} */
export function retentionOf(cohorts, title) {
  const most = Math.max(...cohorts.map(({ months }) => months.length));
  const after = Array.from({ length: most - 1 }, (_, at) => at + 1);
  const rows = cohorts.toReversed().map((cohort) => [calendarDay(cohort.cohort, MONTH), number(cohort.months[0].athletes ?? 0), ...after.map((months) => cellOf(cohort, months))]);
  const names = [t("analytics-cohort"), t("analytics-cohort-size"), ...after.map((count) => t("analytics-months-later", { count }))];
  const parts = [sideways(title, table(t("newest-first"), names, rows))];
  const later = cohorts.filter(({ months }) => months.length > 1);
  if (!later.some((cohort) => shareOf(cohort, 1) !== null)) return { charts: [], parts };
  const name = t("analytics-came-back");
  const chart = new TrendChart(
    later.map((cohort) => {
      const share = shareOf(cohort, 1);
      return { day: cohort.cohort, value: share === null ? null : 100 * share, text: t("analytics-point-month", { month: calendarDay(cohort.cohort, MONTH), figure: cellOf(cohort, 1) }) };
    }),
    { name: t("analytics-chart", { figure: name }), tick: (value) => percent(value / 100), date: (day) => calendarDay(day, later.length > 6 ? MONTH : SHORT) });
  return { charts: [chart], parts: [h("section", null, h("h3", null, name), chart.element), ...parts] };
}
