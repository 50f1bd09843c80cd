/**
 * Keys of the catalog with their labels: equipment, specialities and languages.
 * @module
 */

import { words } from "../i18n/format.js";
import { LANGUAGE, textOr } from "../i18n/l10n.js";

export const EQUIPMENT = ["barbell", "bench", "box", "dumbbells", "kettlebell", "mat", "pull_up_bar", "resistance_band"];

export const SPECIALITIES = ["beginners", "calisthenics", "conditioning", "mobility", "powerlifting", "rehabilitation", "strength", "weight_loss"];

export const LANGUAGES = ["ar", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "tr", "uk"];

const names = new Intl.DisplayNames([LANGUAGE], { type: "language" });

/** @param {string} tag such as "de" @returns {string} with a capital letter, as an entry of a list */
export function languageName(tag) {
  const name = names.of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(LANGUAGE) + name.slice(1);
}

/** @param {string} key such as "pull_up_bar" */
export const equipmentName = (key) => textOr(`equipment-${key}`, words(key));

/** @param {string} key such as "weight_loss" */
export const specialityName = (key) => textOr(`speciality-${key}`, words(key));

/** Fill a list with keys behind its first entry. @param {HTMLSelectElement} list @param {string[]} keys @param {(key: string) => string} label */
export function offerKeys(list, keys, label) {
  list.append(...keys.map((key) => new Option(label(key), key)));
}
