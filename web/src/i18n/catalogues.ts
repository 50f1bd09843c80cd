/**
 * Loads the catalogue of a language: one file for all pages, which the build joins from `web/locales/<language>`. The English
 * one leaves out what only one page needs.
 * @module
 */

const LOADERS: Record<string, () => Promise<{default: string}>> = { en: () => import("virtual:catalogue/en"), ru: () => import("virtual:catalogue/ru"), es: () => import("virtual:catalogue/es") };

/** @returns its texts as FTL */
export async function loadCatalogue(language: string): Promise<string> {
  return (await LOADERS[language]()).default;
}

/** English texts that only one page has. The catalogues of other languages have them. */
const PAGE_TEXTS: Record<string, () => Promise<{default: string}>> = {
  account: () => import("virtual:texts/account"),
  analytics: () => import("virtual:texts/analytics"),
  athletes: () => import("virtual:texts/athletes"),
  billing: () => import("virtual:texts/billing"),
  checkout: () => import("virtual:texts/checkout"),
  content: () => import("virtual:texts/content"),
  coupons: () => import("virtual:texts/coupons"),
  effort: () => import("virtual:texts/effort"),
  health: () => import("virtual:texts/health"),
  history: () => import("virtual:texts/history"),
  leaderboards: () => import("virtual:texts/leaderboards"),
  lesson: () => import("virtual:texts/lesson"),
  library: () => import("virtual:texts/library"),
  payments: () => import("virtual:texts/payments"),
  "plan-editor": () => import("virtual:texts/plan-editor"),
  programs: () => import("virtual:texts/programs"),
  replay: () => import("virtual:texts/replay"),
  studio: () => import("virtual:texts/studio"),
};

/** @returns its English texts as FTL */
export async function loadPageTexts(page: string): Promise<string> {
  return (await PAGE_TEXTS[page]()).default;
}
