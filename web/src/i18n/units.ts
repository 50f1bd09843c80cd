/**
 * The athlete of the page, and units of measurement.
 * @module
 */

import { athlete, request } from "../api/client.ts";
import { loadOrLast } from "../offline/last-answers.ts";
import { pageUser, useAccountStore } from "../stores/account.ts";
import { decimal } from "./format.ts";
import { t } from "./l10n.ts";

/** Kilograms per pound, by definition (https://www.nist.gov/pml/special-publication-811). */
export const POUND_KG = 0.45359237;

export type Units = "metric" | "imperial";

/** Decimals that are shown: plates have quarters of a kilogram. */
const DECIMALS = { metric: 2, imperial: 1 };

/** `signedIn` is the same ID, or null on an installation without accounts. */
type Person = {id: string, signedIn: string | null, zone: string};

/** Get the athlete with the profile's time zone, or else the browser's. */
export async function person(): Promise<Person> {
  const id = await athlete();
  const { user } = useAccountStore.get();
  return { id, signedIn: pageUser(), zone: user?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone };
}

/** Get the units of the profile; metric on an installation without accounts. */
export async function units(): Promise<Units> {
  const { signedIn } = await person();
  return signedIn === null ? "metric" : (await loadOrLast("profile", () => request("/v1/me/profile"), false)).units;
}

/** @returns in kilograms or pounds */
export function load(kg: number, units: Units): number {
  return units === "imperial" ? kg / POUND_KG : kg;
}

/** @param amount in kilograms or pounds @param decimals to keep @returns in kilograms, to the gram by default */
export function kilograms(amount: number, units: Units, decimals = 3): number {
  return Number((units === "imperial" ? amount * POUND_KG : amount).toFixed(decimals));
}

/** @returns unit symbol */
export function unitOf(units: Units): string {
  return units === "imperial" ? t("unit-lb") : t("unit-kg");
}

/** @returns the value of a field, in kilograms or pounds */
export function fieldValue(kg: number, units: Units): number {
  return Number(load(kg, units).toFixed(DECIMALS[units]));
}

/** @returns "41.25 kg" or "49.6 lb" */
export function weight(kg: number, units: Units): string {
  return `${decimal(load(kg, units), 0, DECIMALS[units])} ${unitOf(units)}`;
}
