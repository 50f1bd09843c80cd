/**
 * Formatting of dates, durations, sizes, counts and form.
 * @module
 */

import { todayIn } from "./calendar.ts";
import { clockZone, dateLanguage } from "./display-settings.ts";
import { h, svg } from "../ui/dom.ts";
import { LANGUAGE, t, textOr } from "./l10n.ts";
import type { Tempo } from "../api/client.ts";

const THIS_YEAR: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
const ANOTHER_YEAR: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric", hour: "numeric", minute: "2-digit" };

/** @returns the time in the user's time zone */
export function moment(iso: string): HTMLTimeElement {
  const date = new Date(iso);
  const zone = clockZone();
  const [year, thisYear] = [date, new Date()].map((each) => todayIn(zone, each).slice(0, 4));
  const formatter = new Intl.DateTimeFormat(dateLanguage(), { ...(year === thisYear ? THIS_YEAR : ANOTHER_YEAR), timeZone: zone });
  return h("time", { datetime: iso, title: `${iso} (${formatter.resolvedOptions().timeZone})` }, formatter.format(date));
}

/** @returns the day in the user's time zone, as "16 Nov 2026" */
export function day(at: string | number): string {
  const formatter = new Intl.DateTimeFormat(dateLanguage(), { day: "numeric", month: "short", year: "numeric", timeZone: clockZone() });
  return withoutYearMark(formatter.format(new Date(at)));
}

/** Remove the abbreviation for "year" after a Russian date, which has a point: sentences end with one of their own. */
function withoutYearMark(date: string) {
  return date.replace(/\s+г\.$/, "");
}

/**
 * Format a calendar day, as "16 Nov" or "November", without the Russian abbreviation for a year.
 * @param day YYYY-MM-DD
 */
export function calendarDay(day: string, options: Intl.DateTimeFormatOptions) {
  return withoutYearMark(new Intl.DateTimeFormat(dateLanguage(), { ...options, timeZone: "UTC" }).format(new Date(`${day.slice(0, 10)}T00:00:00Z`)));
}

/** @returns "1:07" or "1:07.3", in Russian and Spanish "1:07,3" */
export function clock(seconds: number, decimals = 0): string {
  const scale = 10 ** decimals;
  const whole = Math.floor(Math.max(seconds, 0) * scale + 1e-6) / scale;
  const minutes = Math.floor(whole / 60);
  const rest = new Intl.NumberFormat(LANGUAGE, { minimumIntegerDigits: 2, minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return `${minutes}:${rest.format(whole - minutes * 60)}`;
}

/** @returns "48 s", "12 min" or "1 h 05 min", cut off to whole seconds like `clock` */
export function length(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000 + 1e-6);
  if (seconds < 60) return t("length-s", { seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? t("length-min-s", { minutes, seconds: seconds % 60 }) : t("length-min", { minutes });
  return t("length-h", { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
}

export function size(bytes: number): string {
  if (bytes < 1e6) return t("size-kb", { size: bytes && Math.max(1, Math.round(bytes / 1e3)) });
  if (bytes >= 1e9) return t("size-gb", { size: decimal(bytes / 1e9, bytes < 1e10 ? 1 : 0) });
  return t("size-mb", { size: decimal(bytes / 1e6, bytes < 1e7 ? 1 : 0) });
}

/** @param share 0..1 */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function energy(kcal: number | null): string {
  return kcal === null ? t("not-measured") : t("energy-kcal", { energy: decimal(kcal, kcal >= 0.05 && kcal < 9.95 ? 1 : 0) });
}

/** @param least fewest decimals @returns "1,204.5" */
export function decimal(amount: number, least: number, most: number = least): string {
  return amount.toLocaleString(LANGUAGE, { minimumFractionDigits: least, maximumFractionDigits: most });
}

/** @returns "1,204" */
export function number(count: number): string {
  return count.toLocaleString(LANGUAGE);
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** Name of a fault or another ID. @returns "Too shallow" for "too_shallow" */
export function words(id: string): string {
  if (id.startsWith("custom_")) return t("exercise-custom");
  const text = id.replaceAll("_", " ");
  return textOr(`fault-${id}`, text.charAt(0).toUpperCase() + text.slice(1));
}

/**
 * Class of a form value: good from 85 %, fair from 65 %.
 * @param form 0..1
 */
export function formClass(form: number | null): "good" | "fair" | "poor" | "none" {
  if (form === null) return "none";
  return form >= 0.85 ? "good" : form >= 0.65 ? "fair" : "poor";
}

const FORM_WORDS = { good: t("form-good"), fair: t("form-fair"), poor: t("form-poor"), none: t("form-none") };
const FORM_SHAPES = {
  good: () => svg("circle", { cx: 6, cy: 6, r: 5.5 }),
  fair: () => svg("path", { d: "M6 0 12 6 6 12 0 6z" }),
  poor: () => svg("path", { d: "M6 .5 12 11.5H0z" }),
  none: () => svg("circle", { cx: 6, cy: 6, r: 4.5 }),
};

/** @param form 0..1 @returns its icon */
export function formShape(form: number | null, kind: "good" | "fair" | "poor" | "none" = formClass(form)): SVGSVGElement {
  return svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true", focusable: "false" }, FORM_SHAPES[kind]());
}

/** @param form 0..1 @returns text, shape and color */
export function formBadge(form: number | null): HTMLElement {
  const kind = formClass(form);
  const text = form === null ? FORM_WORDS.none : `${FORM_WORDS[kind]} ${percent(form)}`;
  return h("span", { class: `form ${kind}` }, formShape(form), text);
}

/** The phases in seconds, as down, hold and up, with all four as tooltip and for screen readers. */
export function tempoMark(tempo: Tempo | null): HTMLElement | string {
  if (!tempo) return t("not-measured");
  const phases = [tempo.eccentricS, tempo.bottomPauseS, tempo.concentricS, tempo.topPauseS];
  const [down, hold, up, rest] = phases.map((seconds) => decimal(seconds, 2));
  const exact = t("tempo-phases", { down, hold, up, rest });
  return h("span", { title: exact }, h("span", { "aria-hidden": "true" }, phases.map((seconds) => decimal(seconds, 1)).join(" · ")), h("span", { class: "visually-hidden" }, exact));
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Isolate a right-to-left name in a text (Unicode FSI and PDI), so that the numbers beside it keep their place. */
export function isolated(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}
