/**
 * Texts of the pages in the user's language, by Fluent (docs/adr/0041). The catalogue is loaded before any module that
 * imports this one runs, so that texts need no waiting. Elements with `data-l10n-id` are translated in place.
 * @module
 */

import { FluentBundle, FluentResource } from "@fluent/bundle";
import { loadCatalogue, loadPageTexts } from "#catalogues";
import { reloadIfRefused, reportError } from "../api/error-reports.ts";
import { NO_CODE, translateProblems, type Texts } from "../api/problem.ts";

/** Languages of the catalogues, by their own names. The first one is that of the HTML files. */
export const LANGUAGES = Object.freeze({ en: "English", ru: "Русский", es: "Español" });

type Language = keyof typeof LANGUAGES;

/** Load the catalogue of the language that `first-paint.js` has chosen, or else the English one. */
async function load(): Promise<[Language, string]> {
  const root = globalThis.document?.documentElement;
  const chosen = (root?.lang || "en") as Language;
  try {
    return [chosen, await loadCatalogue(chosen)];
  } catch (error) {
    if (reloadIfRefused(/\/static\//)) await new Promise(() => {}); // else the page would begin, and lose what is typed meanwhile
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

/** Whether the catalogue has a text. */
export function hasText(id: string) {
  return Boolean(bundle.getMessage(id)?.value);
}

/** Return a text of the catalogue; throws if there is none, or if a variable is missing. A variable without a value is shown as nothing. */
export function t(id: string, variables: Record<string, string | number | null> = {}) {
  const value = bundle.getMessage(id)?.value;
  if (!value) throw new Error(`There is no text ${id}.`);
  return bundle.formatPattern(value, Object.fromEntries(Object.entries(variables).map(([name, each]) => [name, each ?? ""])));
}

/** Load the texts that only one page has. Modules that use them at once import the module that calls this. */
export async function addTextsOf(page: string) {
  if (LANGUAGE === "en") bundle.addResource(new FluentResource(await loadPageTexts(page)));
}

/** Return a text whose ID is built from data, or else what the data says. */
export function textOr(id: string, otherwise: string) {
  return hasText(id) ? t(id) : otherwise;
}

/** Return a cue in the language of the page; sessions keep what was said in English. */
export function said(sentence: string) {
  return textOr(`said-${sentence.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "")}`, sentence);
}

/** Translate the elements of a tree that name a text. */
export function translate(root: ParentNode) {
  for (const element of root.querySelectorAll("[data-l10n-id]") as NodeListOf<HTMLElement>) {
    const id = element.dataset.l10nId ?? "";
    const message = bundle.getMessage(id);
    if (!message) throw new Error(`There is no text ${id}.`);
    if (message.value) element.textContent = bundle.formatPattern(message.value);
    for (const [name, value] of Object.entries(message.attributes)) element.setAttribute(name, bundle.formatPattern(value));
  }
}

const idOf = (code: string) => `problem-${code.replaceAll(/[._]/g, "-")}`;

/** Codes whose text from the server speaks to programs that send access tokens. Pages have their own text for people, also in English. */
const TOKEN_REFUSALS = new Set(["auth.sign_in_required", "auth.token_refused"]);

/** The texts of a problem in this language, if the catalogue has them; the server's own are in English. */
function problemTexts(code: string, texts: Texts): Texts {
  const id = idOf(code);
  if (!hasText(id) || LANGUAGE === "en" && !TOKEN_REFUSALS.has(code)) return texts;
  const detail = bundle.getMessage(id)?.attributes.detail;
  return { title: t(id), detail: detail ? bundle.formatPattern(detail) : null };
}

/** What an HTTP status says. */
const BY_STATUS: Record<number, string> = {
  400: "problem-status-invalid",
  403: "problem-status-forbidden",
  404: "problem-status-missing",
  409: "problem-status-conflict",
  410: "problem-status-missing",
  412: "problem-status-conflict",
  413: "problem-status-too-large",
  422: "problem-status-invalid",
  429: "problem-status-too-many",
  500: "problem-status-failed",
};

/** The texts of an answer of which only the status can be said in this language, with the server's reason for a refusal. */
function answerTexts(code: string, texts: Texts, status: number): Texts {
  if (code !== NO_CODE && (LANGUAGE === "en" || hasText(idOf(code)))) return texts;
  const title = t(BY_STATUS[status] ?? (status > 500 ? "problem-status-unavailable" : "problem-status-refused"));
  const hasReason = code !== NO_CODE && !code.startsWith("http.") && status < 500;
  return { title, detail: hasReason ? texts.detail : null };
}

translateProblems(problemTexts, answerTexts);

if (LANGUAGE !== "en" && globalThis.document?.body) {
  translate(document);
  delete document.documentElement.dataset.untranslated;
}
