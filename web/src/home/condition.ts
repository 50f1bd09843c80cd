/**
 * How the user's form develops week by week, and how the last week's recovery compares with what is usual.
 * @module
 */

import { Problem, request, type Schemas } from "../api/client.ts";
import { addDays, startOf } from "../i18n/calendar.ts";
import { calendarDay, percent } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { byId, h } from "../ui/dom.ts";
import { barChart } from "../ui/bar-chart.ts";
import type { Overview } from "./overview.ts";

/** Metrics of recovery, with their names. */
const METRICS = {
  resting_heart_rate: t("home-resting-heart-rate"),
  heart_rate_variability: t("home-heart-rate-variability"),
  sleep: t("home-sleep"),
} as Record<string, string>;
const STATES = { better: t("home-better"), usual: t("home-usual"), worse: t("home-worse"), unknown: "" };

/** @param overview what the page loads first */
export async function showCondition(overview: Promise<Overview>) {
  try {
    const { weeks, today } = await overview;
    const measured = weeks.filter((week) => week.accuracy !== null);
    byId("form-trend").replaceChildren(...(measured.length > 0 ? formTrend(measured, today) : []));
    const { stats } = await request("/v1/me/health/summary");
    const signals = stats.recovery.filter(({ metric, state }: Signal) => metric in METRICS && state !== "unknown");
    byId("recovery").replaceChildren(...(signals.length > 0 ? [recovery(signals)] : []));
    byId("condition").hidden = measured.length === 0 && signals.length === 0;
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // the page is complete without this panel
    byId("condition").hidden = byId("form-trend").childElementCount === 0;
  }
}

type Signal = Schemas["RecoverySignal"];

type Week = {start: string, accuracy: number | null};

/** @param weeks that have form, oldest first @param today YYYY-MM-DD */
function formTrend(weeks: Week[], today: string) {
  const latest = weeks[weeks.length - 1].accuracy ?? 0;
  const bars = weeks.map(({ start, accuracy }) => {
    const value = Math.round(100 * (accuracy ?? 0));
    const day = calendarDay(start, { day: "numeric", month: "short" });
    return { label: day, value, text: percent(accuracy ?? 0), name: t("home-form-week", { day, form: percent(accuracy ?? 0) }) };
  });
  return [
    h("p", { class: "form-now" }, h("b", null, percent(latest)), " ", formChange(weeks, today)),
    barChart(bars, t("home-form-chart")),
  ];
}

/**
 * Says which week the latest form is of, or how it changed since the calendar week before.
 * @param weeks that have form, oldest first @param today YYYY-MM-DD
 */
export function formChange(weeks: Week[], today: string): string {
  const { start, accuracy } = weeks[weeks.length - 1];
  if (start !== startOf("WEEK", today)) return t("home-form-earlier", { day: calendarDay(start, { day: "numeric", month: "long" }) });
  const before = weeks.find((week) => week.start === addDays(start, -7))?.accuracy ?? null;
  if (before === null) return t("home-form-first");
  const points = Math.round(100 * (accuracy ?? 0)) - Math.round(100 * before);
  if (points === 0) return t("home-form-same");
  return points > 0 ? t("home-form-up", { points }) : t("home-form-down", { points: -points });
}

function recovery(signals: Signal[]) {
  return h("ul", { class: "recovery-list" }, signals.map(({ metric, state, week, usual }) => {
    const change = usual ? Math.round(100 * ((week ?? usual) / usual - 1)) : 0;
    return h("li", { class: `signal ${state}` }, h("span", null, METRICS[metric]), h("b", null, changeText(change)), h("span", { class: "muted" }, STATES[state]));
  }));
}

/** @param change in percent */
function changeText(change: number) {
  if (change === 0) return t("home-as-usual");
  return change > 0 ? t("home-more-than-usual", { percent: change }) : t("home-less-than-usual", { percent: -change });
}
