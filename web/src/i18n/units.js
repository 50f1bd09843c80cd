/**
 * The athlete of the page, and units of measurement.
 * @module
 */

import { athlete, request } from "../api/client.js";
import { lastUser, loadOrLast } from "../offline/last-answers.js";
import { useAccountStore } from "../stores/account.js";
import { decimal } from "./format.js";
import { t } from "./l10n.js";

/** Kilograms per pound, by definition (https://www.nist.gov/pml/special-publication-811). */
export const POUND_KG = 0.45359237;

/** @typedef {"metric" | "imperial"} Units */
/** @typedef {{id: string, signedIn: string | null, zone: string}} Person `signedIn` is the same ID, or null on an installation without accounts. */

/** Get the athlete with the profile's time zone, or else the browser's. @returns {Promise<Person>} */
export async function person() {
  const id = await athlete();
  const { user } = useAccountStore.get();
  return { id, signedIn: user?.id ?? lastUser(), zone: user?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone };
}

/** Get the units of the profile; metric on an installation without accounts. @returns {Promise<Units>} */
export async function units() {
  const { signedIn } = await person();
  return signedIn === null ? "metric" : (await loadOrLast("profile", () => request("/v1/me/profile"))).units;
}

/** @param {number} kg @param {Units} units @returns {number} in kilograms or pounds */
export function load(kg, units) {
  return units === "imperial" ? kg / POUND_KG : kg;
}

/** @param {number} amount in kilograms or pounds @param {Units} units @returns {number} in kilograms, to the gram */
export function kilograms(amount, units) {
  return Number((units === "imperial" ? amount * POUND_KG : amount).toFixed(3));
}

/** @param {Units} units @returns {string} unit symbol */
export function unitOf(units) {
  return units === "imperial" ? t("unit-lb") : t("unit-kg");
}

/** @param {number} kg @param {Units} units @returns {string} "22.5 kg" or "49.6 lb" */
export function weight(kg, units) {
  return `${decimal(load(kg, units), 0, 1)} ${unitOf(units)}`;
}
