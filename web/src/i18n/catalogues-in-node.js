/**
 * Reads the catalogue of a language from its files, for scripts that run in Node.js.
 * @module
 */

import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @param {string} language @returns {Promise<string>} its texts as FTL */
export async function loadCatalogue(language) {
  const folder = fileURLToPath(new URL(`../../locales/${language}/`, import.meta.url));
  return globSync(`${folder}*.ftl`).sort().map((file) => readFileSync(file, "utf8")).join("\n");
}

/** The catalogue has the texts of all pages. @returns {Promise<string>} */
export const loadPageTexts = async () => "";
