/**
 * Retention: a table of cohorts by month, and a chart of who came back in the month after the first.
 * @module
 */

import { TrendChart } from "../health/trend-chart.ts";
import { calendarDay, number, percent } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { sideways, table } from "../ui/data-table.ts";
import { h } from "../ui/dom.ts";
import type { Schemas } from "../api/client.ts";

type Cohort = Schemas["RetentionCohort"];

const SHORT = { day: "numeric", month: "short" } as const; // of few months, ticks are days
const MONTH = { month: "short", year: "numeric" } as const;

/** Share of a cohort that trained some months after its first; null if it is not shown. */
function shareOf({ months }: Cohort, after: number) {
  const [first, then] = [months[0].athletes, months[after]?.athletes];
  return first && typeof then === "number" ? then / first : null;
}

function cellOf(cohort: Cohort, after: number) {
  if (after >= cohort.months.length) return "";
  const share = shareOf(cohort, after);
  return share === null ? t("analytics-not-shown") : percent(share);
}

/** @param cohorts the oldest first */
export function retentionOf(cohorts: Cohort[], title: string): {charts: TrendChart[], parts: HTMLElement[]} {
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
