/**
 * Loads the catalogue of a language: one file for all pages, which the build joins from `web/locales/<language>`.
 * @module
 */

/** @type {Record<string, () => Promise<{default: string}>>} */
const LOADERS = { en: () => import("virtual:catalogue/en"), ru: () => import("virtual:catalogue/ru"), es: () => import("virtual:catalogue/es") };

/** @param {string} language @returns {Promise<string>} its texts as FTL */
export async function loadCatalogue(language) {
  return (await LOADERS[language]()).default;
}
