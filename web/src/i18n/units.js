/**
 * Whose training it is, by which clock their days go, and in which units they are told.
 * @module
 */

import { athlete, request } from "../api/client.js";
import { useAccountStore } from "../stores/account.js";

/** Kilograms of a pound, by definition (https://www.nist.gov/pml/special-publication-811). */
const POUND_KG = 0.45359237;

/** @typedef {"metric" | "imperial"} Units */
/** @typedef {{id: string, signedIn: string | null, zone: string}} Person `signedIn` is the same id, or null where nobody has to sign in. */

/** The profile's zone, or the browser's where there is no profile. @returns {Promise<Person>} */
export async function person() {
  const id = await athlete();
  const { user } = useAccountStore.get();
  return { id, signedIn: user?.id ?? null, zone: user?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone };
}

/** The units of the profile; metric where nobody has signed in. @returns {Promise<Units>} */
export async function units() {
  const { signedIn } = await person();
  return signedIn === null ? "metric" : (await request("/v1/me/profile")).units;
}

/** @param {number} kg @param {Units} units @returns {number} in kilograms or pounds */
export function load(kg, units) {
  return units === "imperial" ? kg / POUND_KG : kg;
}

/** @param {number} amount in kilograms or pounds @param {Units} units @returns {number} in kilograms, to the gram */
export function kilograms(amount, units) {
  return Number((units === "imperial" ? amount * POUND_KG : amount).toFixed(3));
}

/** @param {Units} units @returns {"kg" | "lb"} in which a load is told */
export function unitOf(units) {
  return units === "imperial" ? "lb" : "kg";
}

/** @param {number} kg @param {Units} units @returns {string} "22.5 kg" or "49.6 lb" */
export function weight(kg, units) {
  return `${Number(load(kg, units).toFixed(1))} ${unitOf(units)}`;
}
