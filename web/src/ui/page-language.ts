/**
 * Change of the language of this device.
 * @module
 */

import { chooseLanguage, t } from "../i18n/l10n.ts";
import { showProblem } from "./banner.ts";

/** Show the page in a language, unless the browser does not store it: the page would be loaded in its old language, again and again if it does so by itself. */
export function useLanguage(language: string) {
  if (chooseLanguage(language)) location.reload();
  else showProblem({ title: t("language-not-stored"), detail: t("language-not-stored-detail") });
}
