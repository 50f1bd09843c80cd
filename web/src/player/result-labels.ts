/**
 * Labels of the workout results.
 * @module
 */

import { decimal, length } from "../i18n/format.ts";
import { load, unitOf, weight, type Units } from "../i18n/units.ts";
import { t } from "../i18n/l10n.ts";

const SOURCES: Record<string, string> = { manual: t("by-source-manual"), server: t("by-source-server"), device: t("by-source-device"), file: t("by-source-file") };

/** Describe who counted a set. */
export function sourceWords(source: string) {
  return SOURCES[source] ?? t("by-source", { source });
}

/** Count the reasons of rejected movements, the most frequent first. */
export function rejectedOf({ movements }: {movements: {accepted: boolean, reason: string | null}[]}): [string, number][] {
  const reasons = new Map();
  for (const { accepted, reason } of movements) if (!accepted && reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return [...reasons].sort(([, one], [, other]) => other - one);
}

/** Describe which body mass the energy is based on. */
export function massWords({ bodyMass, bodyMassKg }: {bodyMass: string | null, bodyMassKg: number | null}, units: Units) {
  if (bodyMass === "profile") return t("mass-profile");
  if (bodyMass === "given") return t("mass-given");
  if (bodyMass === "default" && bodyMassKg !== null) return t("mass-default", { mass: weight(bodyMassKg, units) });
  return t("mass-unknown");
}

/** The divisor of the formula of the energy (`ENERGY_FORMULA` of the API) for kilograms. */
const DIVISOR = 200;

/** The formula of the energy. @param units of the body mass */
export function formulaWords(units: Units) {
  return t("energy-formula", { unit: unitOf(units), divisor: decimal(load(DIVISOR, units), 0, 1) });
}

/** Describe the energy of one exercise. @param name name of the exercise */
export function energyWords({ exerciseId, met, seconds, source }: {exerciseId: string, met: number | null, seconds: number, source: string | null}, name: string = exerciseId) {
  return met === null ? t("met-gone", { exercise: name }) : t("met-for", { exercise: name, met, length: length(1000 * seconds), source });
}

const FAILURES: Record<string, string> = {
  unavailable: t("health-unavailable"), denied: t("health-denied"), not_determined: t("health-not-determined"),
  locked: t("health-locked"), cancelled: t("health-cancelled"), invalid: t("health-invalid"),
};

/** Describe the state of the transfer to Apple Health. */
export function healthKitWords({ status, reason }: {status: string, reason: string | null}) {
  switch (status) {
    case "not_requested": return t("health-not-requested");
    case "pending": return t("health-pending");
    case "synced": return t("health-synced");
    case "failed": return t("health-failed", { reason: FAILURES[reason ?? ""] ?? t("unknown-reason") });
    default: return t("health-status", { status });
  }
}
