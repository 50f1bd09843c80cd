/**
 * Texts of the pages in the user's language, by Fluent (docs/adr/0041). The catalogue is loaded before any module that
 * imports this one runs, so that texts need no waiting. Elements with `data-l10n-id` are translated in place.
 * @module
 */

import { FluentBundle, FluentResource } from "@fluent/bundle";
import { loadCatalogue, loadPageTexts } from "#catalogues";
import { reportError } from "../api/error-reports.js";
import { translateProblems } from "../api/problem.js";

/** Languages of the catalogues, by their own names. The first one is that of the HTML files. */
export const LANGUAGES = Object.freeze({ en: "English", ru: "Русский", es: "Español" });

/** @typedef {keyof typeof LANGUAGES} Language */

/** Language that was chosen on this device. `first-paint.js` reads it, too. */
const CHOSEN = "kinelog.language";

/** Load the catalogue of the language that `first-paint.js` has chosen, or else the English one. @returns {Promise<[Language, string]>} */
async function load() {
  const root = globalThis.document?.documentElement;
  const chosen = /** @type {Language} */ (root?.lang || "en");
  try {
    return [chosen, await loadCatalogue(chosen)];
  } catch (error) {
    if (chosen === "en") throw error;
    reportError("unhandled", "CatalogueError");
    root.lang = "en";
    delete root.dataset.untranslated; // shows the page, which is in English
    return ["en", await loadCatalogue("en")];
  }
}

const [language, catalogue] = await load();

/** The language of this page. */
export const LANGUAGE = language;

const bundle = new FluentBundle(LANGUAGE, { useIsolating: false });
bundle.addResource(new FluentResource(catalogue));

/** Whether the catalogue has a text. @param {string} id */
export function hasText(id) {
  return Boolean(bundle.getMessage(id)?.value);
}

/**
 * Return a text of the catalogue; throws if there is none, or if a variable is missing. A variable without a value is shown as nothing.
 * @param {string} id @param {Record<string, string | number | null>} [variables]
 */
export function t(id, variables = {}) {
  const value = bundle.getMessage(id)?.value;
  if (!value) throw new Error(`There is no text ${id}.`);
  return bundle.formatPattern(value, Object.fromEntries(Object.entries(variables).map(([name, each]) => [name, each ?? ""])));
}

/** Load the texts that only one page has. Modules that use them at once import the module that calls this. @param {string} page */
export async function addTextsOf(page) {
  if (LANGUAGE === "en") bundle.addResource(new FluentResource(await loadPageTexts(page)));
}

/** Return a text whose ID is built from data, or else what the data says. @param {string} id @param {string} otherwise */
export function textOr(id, otherwise) {
  return hasText(id) ? t(id) : otherwise;
}

/** Return a cue in the language of the page; sessions keep what was said in English. @param {string} sentence */
export function said(sentence) {
  return textOr(`said-${sentence.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "")}`, sentence);
}

/** Translate the elements of a tree that name a text. @param {ParentNode} root */
export function translate(root) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-l10n-id]"))) {
    const id = element.dataset.l10nId ?? "";
    const message = bundle.getMessage(id);
    if (!message) throw new Error(`There is no text ${id}.`);
    if (message.value) element.textContent = bundle.formatPattern(message.value);
    for (const [name, value] of Object.entries(message.attributes)) element.setAttribute(name, bundle.formatPattern(value));
  }
}

/** The texts of a problem in this language, if the catalogue has them; the server's own are in English. @param {string} code @param {import("../api/problem.js").Texts} texts */
function problemTexts(code, texts) {
  const id = `problem-${code.replaceAll(/[._]/g, "-")}`;
  if (LANGUAGE === "en" || !hasText(id)) return texts;
  const detail = bundle.getMessage(id)?.attributes.detail;
  return { title: t(id), detail: detail ? bundle.formatPattern(detail) : null };
}

translateProblems(problemTexts);

/** Use a language on this device from now on. @param {string} language */
export function chooseLanguage(language) {
  globalThis.localStorage?.setItem(CHOSEN, language);
}

if (LANGUAGE !== "en" && globalThis.document?.body) {
  translate(document);
  delete document.documentElement.dataset.untranslated;
}
