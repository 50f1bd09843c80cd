/**
 * Keys of the catalog with their labels: equipment, specialities and languages.
 * @module
 */

import { words } from "../i18n/format.ts";
import { LANGUAGE, textOr } from "../i18n/l10n.ts";

export const EQUIPMENT = ["barbell", "bench", "box", "dumbbells", "kettlebell", "mat", "pull_up_bar", "resistance_band"];

export const SPECIALITIES = ["beginners", "calisthenics", "conditioning", "mobility", "powerlifting", "rehabilitation", "strength", "weight_loss"];

export const LANGUAGES = ["ar", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "tr", "uk"];

const names = new Intl.DisplayNames([LANGUAGE], { type: "language" });

/** @param tag such as "de" @returns with a capital letter, as an entry of a list */
export function languageName(tag: string): string {
  const name = names.of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(LANGUAGE) + name.slice(1);
}

/** @param key such as "pull_up_bar" */
export const equipmentName = (key: string) => textOr(`equipment-${key}`, words(key));

/** @param key such as "weight_loss" */
export const specialityName = (key: string) => textOr(`speciality-${key}`, words(key));

/** Fill a list with keys behind its first entry. */
export function offerKeys(list: HTMLSelectElement, keys: string[], label: (key: string) => string) {
  list.append(...keys.map((key) => new Option(label(key), key)));
}
