/**
 * The facts of a summary in words.
 * @module
 */

import { length } from "../i18n/format.js";

const SOURCES = { manual: "counted by hand", server: "counted by the camera", device: "counted on the device", file: "counted from a film" };

/** Who counted a set. @param {string} source */
export function sourceWords(source) {
  return SOURCES[source] ?? `counted by ${source}`;
}

/** How often each reason stood against a movement, the most frequent first. @param {{movements: {accepted: boolean, reason: string | null}[]}} set @returns {[string, number][]} */
export function rejectedOf({ movements }) {
  const reasons = new Map();
  for (const { accepted, reason } of movements) if (!accepted && reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return [...reasons].sort(([, one], [, other]) => other - one);
}

/** Whose weight the energy was worked out with. @param {{bodyMass: string | null, bodyMassKg: number | null}} calories */
export function massWords({ bodyMass, bodyMassKg }) {
  if (bodyMass === "profile") return "worked out with the body mass in your account";
  if (bodyMass === "given") return "worked out with the body mass that was given";
  if (bodyMass === "default") return `worked out for ${bodyMassKg} kg, as your account has no body mass`;
  return "worked out with a body mass that was not noted";
}

/** What an exercise's part of the energy rests on. @param {{exerciseId: string, met: number | null, seconds: number, source: string | null}} part @param {string} [name] of an exercise that is known */
export function energyWords({ exerciseId, met, seconds, source }, name = exerciseId) {
  return met === null ? `${name}: not known any more, left out.` : `${name}: ${met} MET for ${length(1000 * seconds)}. ${source}.`;
}

const FAILURES = {
  unavailable: "Health is not available on the device", denied: "writing to Health was not allowed", not_determined: "nobody has allowed writing to Health yet",
  locked: "the device was locked", cancelled: "it was cancelled", invalid: "Health did not take the workout",
};

/** How far the workout is on its way to Apple Health. @param {{status: string, reason: string | null}} healthKit */
export function healthKitWords({ status, reason }) {
  switch (status) {
    case "not_requested": return "Not sent: Apple Health is switched off in your account.";
    case "pending": return "Waits for your iPhone: it is written to Apple Health when the Kinelog app is opened there.";
    case "synced": return "Written to Apple Health by your device.";
    case "failed": return `Your device could not write it: ${FAILURES[reason ?? ""] ?? "for a reason it did not name"}. It may try again.`;
    default: return `Unknown status: ${status}.`;
  }
}
