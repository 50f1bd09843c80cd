/**
 * Texts of health figures: names of metrics and sources, values with units.
 * @module
 */

import "./texts.ts";
import { decimal, length, words } from "../i18n/format.ts";
import { t, textOr } from "../i18n/l10n.ts";
import { kilograms, load, unitOf, type Units } from "../i18n/units.ts";
import { Panel } from "../ui/panel.ts";

/** Decimals of a weight in the API. */
const WEIGHT_DECIMALS = 2;

/** Days in a row from which a streak may be longer: the API looks at 92 days, and today may not be over. */
const LONGEST_STREAK = 91;

/** Symbols of the units that are written; figures in other units are numbers. */
const SYMBOLS: Record<string, string> = {
  bpm: t("health-unit-bpm"), "/min": t("health-unit-per-minute"), ms: t("health-unit-ms"), "mL/(kg*min)": t("health-unit-vo2"), m: t("health-unit-m"), kcal: t("health-unit-kcal"),
  "%": "%", cm: t("health-unit-cm"), mmHg: t("health-unit-mmhg"), "mmol/L": t("health-unit-mmol"), degC: "°C", mL: t("health-unit-ml"), min: t("health-unit-min"),
};

/** Metrics that most people look at, in this order; others follow. */
const FIRST = ["steps", "active_energy", "active_minutes", "distance", "sleep", "resting_heart_rate", "heart_rate_variability", "heart_rate", "weight"];

/** All sources of records: phones and clouds. */
export const SOURCES = ["apple_health", "health_connect", "google_health", "strava", "withings", "polar", "oura", "garmin"];

/** @param b names of metrics */
export function byInterest(a: string, b: string): number {
  const place = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return place(a) - place(b) || metricName(a).localeCompare(metricName(b));
}

export function metricName(metric: string): string {
  return textOr(`health-metric-${metric}`, words(metric));
}

export function sourceName(source: string): string {
  return textOr(`health-source-${source}`, words(source));
}

/** @returns "Apple Health: Watch, iPhone" */
export function originsText(origins: {source: string, device: string}[]): string {
  const sources = [...new Set(origins.map(({ source }) => source))];
  const devices = (wanted: string) => [...new Set(origins.filter(({ source, device }) => source === wanted && device && device !== sourceName(source)).map(({ device }) => device))].join(", ");
  return sources.map((source) => (devices(source) ? t("health-origin", { source: sourceName(source), devices: devices(source) }) : sourceName(source))).join("; ");
}

/** @param unit of the API @returns the value with its unit, as the person measures */
export function figureText(value: number, unit: string, units: Units): string {
  if (unit === "min") return length(60_000 * value);
  if (unit === "kg") return `${decimal(load(value, units), 0, 1)} ${unitOf(units)}`; // also means
  const number = decimal(value, 0, Math.abs(value) < 100 ? 1 : 0);
  return SYMBOLS[unit] ? `${number} ${SYMBOLS[unit]}` : number;
}

/** @param days in a row on which a goal was reached @returns a sentence */
export function streakText(days: number): string {
  return t(days < LONGEST_STREAK ? "health-streak" : "health-longest-streak", { days });
}

/** @param unit of the API @returns the value that is drawn */
export function drawn(value: number, unit: string, units: Units): number {
  return unit === "kg" ? load(value, units) : value;
}

/** @param value as it is drawn @param unit of the API @returns the value in the unit of the API */
export function stored(value: number, unit: string, units: Units): number {
  return unit === "kg" ? kilograms(value, units, WEIGHT_DECIMALS) : value;
}

/** @param unit of the API @returns the symbol of what is drawn */
export function drawnUnit(unit: string, units: Units): string {
  return unit === "kg" ? unitOf(units) : (SYMBOLS[unit] ?? "");
}

/** @returns a panel of the health page */
export function healthPanel(body: HTMLElement): Panel {
  return new Panel(body, { title: t("health-part-not-loaded"), kept: t("health-safe"), left: t("health-panel-not-loaded") });
}
