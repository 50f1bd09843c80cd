/**
 * Texts of health figures: names of metrics and sources, values with units.
 * @module
 */

import "./texts.js";
import { decimal, length, words } from "../i18n/format.js";
import { t, textOr } from "../i18n/l10n.js";
import { kilograms, load, unitOf, weight } from "../i18n/units.js";
import { Panel } from "../ui/panel.js";

/** @typedef {import("../i18n/units.js").Units} Units */

/** Symbols of the units that are written; figures in other units are numbers. @type {Record<string, string>} */
const SYMBOLS = {
  bpm: t("health-unit-bpm"), "/min": t("health-unit-per-minute"), ms: t("health-unit-ms"), "mL/(kg*min)": t("health-unit-vo2"), m: t("health-unit-m"), kcal: t("health-unit-kcal"),
  "%": "%", cm: t("health-unit-cm"), mmHg: t("health-unit-mmhg"), "mmol/L": t("health-unit-mmol"), degC: "°C", mL: t("health-unit-ml"), min: t("health-unit-min"),
};

/** Metrics that most people look at, in this order; others follow. */
const FIRST = ["steps", "active_energy", "active_minutes", "distance", "sleep", "resting_heart_rate", "heart_rate_variability", "heart_rate", "weight"];

/** All sources of records: phones and clouds. */
export const SOURCES = ["apple_health", "health_connect", "google_health", "strava", "withings", "polar", "oura", "garmin"];

/** @param {string} a @param {string} b names of metrics @returns {number} */
export function byInterest(a, b) {
  const place = (/** @type {string} */ name) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return place(a) - place(b) || metricName(a).localeCompare(metricName(b));
}

/** @param {string} metric @returns {string} */
export function metricName(metric) {
  return textOr(`health-metric-${metric}`, words(metric));
}

/** @param {string} source @returns {string} */
export function sourceName(source) {
  return textOr(`health-source-${source}`, words(source));
}

/** @param {{source: string, device: string}[]} origins @returns {string} "Apple Health: Watch, iPhone" */
export function originsText(origins) {
  const sources = [...new Set(origins.map(({ source }) => source))];
  const devices = (/** @type {string} */ wanted) => [...new Set(origins.filter(({ source, device }) => source === wanted && device && device !== sourceName(source)).map(({ device }) => device))].join(", ");
  return sources.map((source) => (devices(source) ? t("health-origin", { source: sourceName(source), devices: devices(source) }) : sourceName(source))).join("; ");
}

/** @param {number} value @param {string} unit of the API @param {Units} units @returns {string} the value with its unit, as the person measures */
export function figureText(value, unit, units) {
  if (unit === "min") return length(60_000 * value);
  if (unit === "kg") return weight(value, units);
  const number = decimal(value, 0, Math.abs(value) < 100 ? 1 : 0);
  return SYMBOLS[unit] ? `${number} ${SYMBOLS[unit]}` : number;
}

/** @param {number} value @param {string} unit of the API @param {Units} units @returns {number} the value that is drawn */
export function drawn(value, unit, units) {
  return unit === "kg" ? load(value, units) : value;
}

/** @param {number} value as it is drawn @param {string} unit of the API @param {Units} units @returns {number} the value in the unit of the API */
export function stored(value, unit, units) {
  return unit === "kg" ? kilograms(value, units) : value;
}

/** @param {string} unit of the API @param {Units} units @returns {string} the symbol of what is drawn */
export function drawnUnit(unit, units) {
  return unit === "kg" ? unitOf(units) : (SYMBOLS[unit] ?? "");
}

/** @param {HTMLElement} body @returns {Panel} a panel of the health page */
export function healthPanel(body) {
  return new Panel(body, { title: t("health-part-not-loaded"), kept: t("health-safe"), left: t("health-panel-not-loaded") });
}
