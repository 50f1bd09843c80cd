/**
 * The language that is chosen on this device.
 * @module
 */

import { display } from "../i18n/display-settings.ts";
import { t } from "../i18n/l10n.ts";
import { storeValue } from "../stores/browser-storage.ts";
import { showProblem } from "./banner.ts";

/** Language that was chosen on this device. `first-paint.js` reads it, too. */
const CHOSEN = "kinelog.language";

/** Store the language of this device. @returns whether the next page will have it: false if the browser cannot store it */
export function chooseLanguage(language: string): boolean {
  storeValue(CHOSEN, language);
  const isKept = localStorage instanceof Storage; // the replacement of a refused storage lasts as long as the page
  const next = display().locale ?? localStorage.getItem(CHOSEN);
  return isKept && next?.split("-")[0] === language;
}

/**
 * Store the language of this device, and load the page again in it. If the browser cannot store it, say so instead: the page would be loaded in its
 * old language, and a page that calls this by itself would be loaded without end.
 */
export function changeLanguage(language: string) {
  if (chooseLanguage(language)) location.reload();
  else showProblem({ title: t("language-not-stored"), detail: t("language-not-stored-detail") });
}
