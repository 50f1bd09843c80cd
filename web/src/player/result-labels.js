/**
 * Labels of the workout results.
 * @module
 */

import { decimal, length } from "../i18n/format.js";
import { load, unitOf, weight } from "../i18n/units.js";
import { t } from "../i18n/l10n.js";

/** @type {Record<string, string>} */
const SOURCES = { manual: t("by-source-manual"), server: t("by-source-server"), device: t("by-source-device"), file: t("by-source-file") };

/** Describe who counted a set. @param {string} source */
export function sourceWords(source) {
  return SOURCES[source] ?? t("by-source", { source });
}

/** Count the reasons of rejected movements, the most frequent first. @param {{movements: {accepted: boolean, reason: string | null}[]}} set @returns {[string, number][]} */
export function rejectedOf({ movements }) {
  const reasons = new Map();
  for (const { accepted, reason } of movements) if (!accepted && reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return [...reasons].sort(([, one], [, other]) => other - one);
}

/** Describe which body mass the energy is based on. @param {{bodyMass: string | null, bodyMassKg: number | null}} calories @param {import("../i18n/units.js").Units} units */
export function massWords({ bodyMass, bodyMassKg }, units) {
  if (bodyMass === "profile") return t("mass-profile");
  if (bodyMass === "given") return t("mass-given");
  if (bodyMass === "default" && bodyMassKg !== null) return t("mass-default", { mass: weight(bodyMassKg, units) });
  return t("mass-unknown");
}

/** The divisor of the formula of the energy (`ENERGY_FORMULA` of the API) for kilograms. */
const DIVISOR = 200;

/** The formula of the energy. @param {import("../i18n/units.js").Units} units of the body mass */
export function formulaWords(units) {
  return t("energy-formula", { unit: unitOf(units), divisor: decimal(load(DIVISOR, units), 0, 1) });
}

/** Describe the energy of one exercise. @param {{exerciseId: string, met: number | null, seconds: number, source: string | null}} part @param {string} [name] name of the exercise */
export function energyWords({ exerciseId, met, seconds, source }, name = exerciseId) {
  return met === null ? t("met-gone", { exercise: name }) : t("met-for", { exercise: name, met, length: length(1000 * seconds), source });
}

/** @type {Record<string, string>} */
const FAILURES = {
  unavailable: t("health-unavailable"), denied: t("health-denied"), not_determined: t("health-not-determined"),
  locked: t("health-locked"), cancelled: t("health-cancelled"), invalid: t("health-invalid"),
};

/** Describe the state of the transfer to Apple Health. @param {{status: string, reason: string | null}} healthKit */
export function healthKitWords({ status, reason }) {
  switch (status) {
    case "not_requested": return t("health-not-requested");
    case "pending": return t("health-pending");
    case "synced": return t("health-synced");
    case "failed": return t("health-failed", { reason: FAILURES[reason ?? ""] ?? t("unknown-reason") });
    default: return t("health-status", { status });
  }
}
