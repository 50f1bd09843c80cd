/**
 * Message about a change that failed. If its answer was lost, it may have been carried out.
 * @module
 */

import { mayBeCarriedOut } from "../api/problem.ts";
import { showError } from "../ui/forms.ts";
import { t } from "../i18n/l10n.ts";

/** Show why a change failed. If it may have been carried out, load the state again. @param kept what the page says if it was refused */
export async function showFailedChange(error: unknown, load: () => Promise<void>, kept?: string) {
  if (!mayBeCarriedOut(error)) {
    showError(error, kept ? { kept } : {});
    return;
  }
  try {
    await load();
    showError(error, { kept: t("change-shown"), advice: undefined });
  } catch {
    showError(error, { kept: t("change-unknown") });
  }
}
