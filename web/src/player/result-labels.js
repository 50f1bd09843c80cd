/**
 * Labels of the workout results.
 * @module
 */

import { length } from "../i18n/format.js";

const SOURCES = { manual: "counted manually", server: "counted by the camera", device: "counted on the device", file: "counted from a video" };

/** Describe who counted a set. @param {string} source */
export function sourceWords(source) {
  return SOURCES[source] ?? `counted by ${source}`;
}

/** Count the reasons of rejected movements, the most frequent first. @param {{movements: {accepted: boolean, reason: string | null}[]}} set @returns {[string, number][]} */
export function rejectedOf({ movements }) {
  const reasons = new Map();
  for (const { accepted, reason } of movements) if (!accepted && reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return [...reasons].sort(([, one], [, other]) => other - one);
}

/** Describe which body mass the energy is based on. @param {{bodyMass: string | null, bodyMassKg: number | null}} calories */
export function massWords({ bodyMass, bodyMassKg }) {
  if (bodyMass === "profile") return "based on the body mass in your account";
  if (bodyMass === "given") return "based on the body mass entered for this workout";
  if (bodyMass === "default") return `based on ${bodyMassKg} kg, because your account has no body mass`;
  return "based on an unrecorded body mass";
}

/** Describe the energy of one exercise. @param {{exerciseId: string, met: number | null, seconds: number, source: string | null}} part @param {string} [name] name of the exercise */
export function energyWords({ exerciseId, met, seconds, source }, name = exerciseId) {
  return met === null ? `${name}: no longer available, not included.` : `${name}: ${met} MET for ${length(1000 * seconds)}. ${source}.`;
}

const FAILURES = {
  unavailable: "Health is not available on the device", denied: "writing to Health was not allowed", not_determined: "nobody has allowed writing to Health yet",
  locked: "the device was locked", cancelled: "it was canceled", invalid: "Health rejected the workout",
};

/** Describe the state of the transfer to Apple Health. @param {{status: string, reason: string | null}} healthKit */
export function healthKitWords({ status, reason }) {
  switch (status) {
    case "not_requested": return "Not sent. Apple Health is turned off in your account.";
    case "pending": return "Waiting for your iPhone. Open the Kinelog app there to write the workout to Apple Health.";
    case "synced": return "Written to Apple Health by your device.";
    case "failed": return `Your device could not write it: ${FAILURES[reason ?? ""] ?? "unknown reason"}. It may try again.`;
    default: return `Unknown status: ${status}.`;
  }
}
