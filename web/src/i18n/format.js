/**
 * Formatting of dates, durations, sizes, counts and form.
 * @module
 */

import { clockZone, dateLanguage } from "./display-settings.js";
import { h, svg } from "../ui/dom.js";
import { LANGUAGE, t, textOr } from "./l10n.js";

/** @type {Intl.DateTimeFormatOptions} */
const THIS_YEAR = { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
/** @type {Intl.DateTimeFormatOptions} */
const ANOTHER_YEAR = { day: "numeric", month: "short", year: "numeric", hour: "numeric", minute: "2-digit" };

/** @param {string} iso @returns {HTMLTimeElement} the time in the user's time zone */
export function moment(iso) {
  const date = new Date(iso);
  const fields = date.getFullYear() === new Date().getFullYear() ? THIS_YEAR : ANOTHER_YEAR;
  const formatter = new Intl.DateTimeFormat(dateLanguage(), { ...fields, timeZone: clockZone() });
  return h("time", { datetime: iso, title: `${iso} (${formatter.resolvedOptions().timeZone})` }, formatter.format(date));
}

/** @param {string | number} at @returns {string} the day in the user's time zone, as "16 Nov 2026" */
export function day(at) {
  const formatter = new Intl.DateTimeFormat(dateLanguage(), { day: "numeric", month: "short", year: "numeric", timeZone: clockZone() });
  return withoutYearMark(formatter.format(new Date(at)));
}

/** Remove the abbreviation for "year" after a Russian date, which has a point: sentences end with one of their own. @param {string} date */
function withoutYearMark(date) {
  return date.replace(/\s*г\.$/, "");
}

/**
 * Format a calendar day, as "16 Nov" or "November", without the Russian abbreviation for a year.
 * @param {string} day YYYY-MM-DD
 * @param {Intl.DateTimeFormatOptions} options
 */
export function calendarDay(day, options) {
  return withoutYearMark(new Intl.DateTimeFormat(dateLanguage(), { ...options, timeZone: "UTC" }).format(new Date(`${day.slice(0, 10)}T00:00:00Z`)));
}

/** @param {number} seconds @param {number} [decimals] @returns {string} "1:07" or "1:07.3", in Russian and Spanish "1:07,3" */
export function clock(seconds, decimals = 0) {
  const scale = 10 ** decimals;
  const whole = Math.floor(Math.max(seconds, 0) * scale + 1e-6) / scale;
  const minutes = Math.floor(whole / 60);
  const rest = new Intl.NumberFormat(LANGUAGE, { minimumIntegerDigits: 2, minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return `${minutes}:${rest.format(whole - minutes * 60)}`;
}

/** @param {number} milliseconds @returns {string} "48 s", "12 min" or "1 h 05 min" */
export function length(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return t("length-s", { seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? t("length-min-s", { minutes, seconds: seconds % 60 }) : t("length-min", { minutes });
  return t("length-h", { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
}

/** @param {number} bytes @returns {string} */
export function size(bytes) {
  if (bytes < 1e6) return t("size-kb", { size: Math.max(1, Math.round(bytes / 1e3)) });
  if (bytes >= 1e9) return t("size-gb", { size: decimal(bytes / 1e9, bytes < 1e10 ? 1 : 0) });
  return t("size-mb", { size: decimal(bytes / 1e6, bytes < 1e7 ? 1 : 0) });
}

/** @param {number} share 0..1 @returns {string} */
export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/** @param {number | null} kcal @returns {string} */
export function energy(kcal) {
  return kcal === null ? t("not-measured") : t("energy-kcal", { energy: decimal(kcal, kcal >= 0.05 && kcal < 9.95 ? 1 : 0) });
}

/** @param {number} amount @param {number} least fewest decimals @param {number} [most] @returns {string} "1,204.5" */
export function decimal(amount, least, most = least) {
  return amount.toLocaleString(LANGUAGE, { minimumFractionDigits: least, maximumFractionDigits: most });
}

/** @param {number} count @returns {string} "1,204" */
export function number(count) {
  return count.toLocaleString(LANGUAGE);
}

/** @param {number} count @param {string} one @param {string} [many] @returns {string} */
export function counted(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** Name of a fault or another ID. @param {string} id @returns {string} "Too shallow" for "too_shallow" */
export function words(id) {
  const text = id.replaceAll("_", " ");
  return textOr(`fault-${id}`, text.charAt(0).toUpperCase() + text.slice(1));
}

/**
 * Class of a form value: good from 85 %, fair from 65 %.
 * @param {number | null} form 0..1
 * @returns {"good" | "fair" | "poor" | "none"}
 */
export function formClass(form) {
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

/** @param {number | null} form 0..1 @param {"good" | "fair" | "poor" | "none"} [kind] @returns {SVGSVGElement} its icon */
export function formShape(form, kind = formClass(form)) {
  return svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true", focusable: "false" }, FORM_SHAPES[kind]());
}

/** @param {number | null} form 0..1 @returns {HTMLElement} text, shape and color */
export function formBadge(form) {
  const kind = formClass(form);
  const text = form === null ? FORM_WORDS.none : `${FORM_WORDS[kind]} ${percent(form)}`;
  return h("span", { class: `form ${kind}` }, formShape(form), text);
}

/**
 * The phases in seconds, as down, hold and up, with all four as tooltip and for screen readers.
 * @param {import("../api/client.js").Tempo | null} tempo
 * @returns {HTMLElement | string}
 */
export function tempoMark(tempo) {
  if (!tempo) return t("not-measured");
  const phases = [tempo.eccentricS, tempo.bottomPauseS, tempo.concentricS, tempo.topPauseS];
  const [down, hold, up, rest] = phases.map((seconds) => decimal(seconds, 2));
  const exact = t("tempo-phases", { down, hold, up, rest });
  return h("span", { title: exact }, h("span", { "aria-hidden": "true" }, phases.map((seconds) => decimal(seconds, 1)).join(" · ")), h("span", { class: "visually-hidden" }, exact));
}
