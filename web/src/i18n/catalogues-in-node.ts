/**
 * Reads the catalogue of a language from its files, for scripts that run in Node.js.
 * @module
 */

import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @returns its texts as FTL */
export async function loadCatalogue(language: string): Promise<string> {
  const folder = fileURLToPath(new URL(`../../locales/${language}/`, import.meta.url));
  return globSync(`${folder}*.ftl`).sort().map((file) => readFileSync(file, "utf8")).join("\n");
}

/** The catalogue has the texts of all pages. */
export const loadPageTexts = async (): Promise<string> => "";
