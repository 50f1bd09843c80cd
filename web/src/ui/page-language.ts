/**
 * Change of the language of this device.
 * @module
 */

import { display } from "../i18n/display-settings.ts";
import { t } from "../i18n/l10n.ts";
import { storeValue } from "../stores/browser-storage.ts";
import { showProblem } from "./banner.ts";

/** Language that was chosen on this device. `first-paint.js` reads it, too. */
const CHOSEN = "kinelog.language";

/** Use a language on this device from now on. @returns whether the next page has it: the browser may not store it */
export function chooseLanguage(language: string): boolean {
  storeValue(CHOSEN, language);
  const isKept = localStorage instanceof Storage; // the replacement of a refused storage lasts as long as the page
  const next = display().locale ?? localStorage.getItem(CHOSEN);
  return isKept && next?.split("-")[0] === language;
}

/** Show the page in a language, unless the browser does not store it: the page would be loaded in its old language, again and again if it does so by itself. */
export function useLanguage(language: string) {
  if (chooseLanguage(language)) location.reload();
  else showProblem({ title: t("language-not-stored"), detail: t("language-not-stored-detail") });
}
