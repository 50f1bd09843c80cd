/**
 * Link back to the account, or to Home where nobody has signed in.
 * @module
 */

import { hasSignedIn } from "../api/credentials.js";
import { t } from "../i18n/l10n.js";
import { byId } from "../ui/dom.js";

/** Lead back to Home without an account: its page would ask to sign in. */
export function showBackLink() {
  if (hasSignedIn()) return;
  const back = byId("back");
  back.setAttribute("href", "/");
  back.textContent = t("back-home");
}
