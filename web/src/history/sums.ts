/**
 * Sums of periods: measures, formatting, comparison and totals.
 * @module
 */

import "./texts.ts";
import type { Stretch } from "../i18n/calendar.ts";
import { energy, length, number, percent } from "../i18n/format.ts";
import { LANGUAGE, t } from "../i18n/l10n.ts";
import type { Result } from "../api/graphql.ts";
import type { TOTALS } from "../api/queries.ts";
import type { Measure } from "./filters.ts";

export type Sum = Result<typeof TOTALS>["totals"][number];
/** `axis` is the label with the unit of `drawn`; `text` includes the unit; `drawn` is the short form above a bar; a mean does not grow with time */
type MeasureFormat = {label: string, axis?: string, value: (sum: Sum) => number | null, text: (value: number) => string, drawn?: (value: number) => string, isMean?: boolean};

const short = new Intl.NumberFormat(LANGUAGE, { notation: "compact", maximumFractionDigits: 1 });
const MINUTE_MS = 60_000;

export const MEASURES: Record<Measure, MeasureFormat> = {
  repetitions: { label: t("history-repetitions"), value: (sum) => sum.repetitions, text: number },
  verified: { label: t("history-verified"), value: (sum) => sum.verifiedRepetitions, text: number },
  sessions: { label: t("nav-sessions"), value: (sum) => sum.sessions, text: number },
  time: { label: t("time"), axis: t("history-axis-time"), value: (sum) => sum.durationMs, text: length, drawn: (value) => short.format(value / MINUTE_MS) },
  energy: { label: t("energy"), axis: t("history-axis-energy"), value: (sum) => sum.caloriesKcal, text: energy },
  form: { label: t("form"), axis: t("history-axis-form"), isMean: true, value: (sum) => sum.accuracy, text: percent, drawn: (value) => String(Math.round(100 * value)) },
};

/** Short form of a value, for above a bar. */
export function drawn(measure: MeasureFormat, value: number) {
  return measure.drawn ? measure.drawn(value) : short.format(value);
}

/**
 * Compare a value with that of the previous period, in words; null if there is nothing to compare. While a
 * period is still running, a smaller value is not shown as a decrease.
 * @param unit "week"
 */
export function compared(measure: MeasureFormat, now: Sum, before: Sum, unit: string, goesOn = false): string | null {
  const [value, past] = [measure.value(now), measure.value(before)];
  if (!past) return past === 0 && value ? t(`history-none-before-${unit}`) : null;
  const than = t(`history-before-${unit}`, { value: measure.text(past) });
  if (value === null) return than;
  if (goesOn && value < past && !measure.isMean) return t(`history-whole-before-${unit}`, { value: measure.text(past) });
  const share = Math.round((100 * (value - past)) / past);
  return share === 0 ? t("history-as-before", { before: than }) : `${share > 0 ? "▲" : "▼"} ${percent(Math.abs(share) / 100)} · ${than}`;
}

/** Add up periods that begin within a stretch of days; the form is the mean of what was measured. */
export function together(sums: Sum[], { start, last }: Stretch): Sum {
  const within = sums.filter((sum) => start <= sum.start && sum.start <= last);
  const add = (of: (sum: Sum) => number) => within.reduce((whole, sum) => whole + of(sum), 0);
  const measured = add((sum) => sum.measured);
  return {
    start, measured, accuracy: measured ? add((sum) => (sum.accuracy ?? 0) * sum.measured) / measured : null,
    sessions: add((sum) => sum.sessions), repetitions: add((sum) => sum.repetitions), verifiedRepetitions: add((sum) => sum.verifiedRepetitions),
    durationMs: add((sum) => sum.durationMs), caloriesKcal: add((sum) => sum.caloriesKcal),
  };
}
