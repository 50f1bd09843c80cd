/**
 * Link back to the account, or to Home where nobody has signed in.
 * @module
 */

import { hasSignedIn } from "../api/credentials.ts";
import { t } from "../i18n/l10n.ts";
import { byId } from "../ui/dom.ts";

/** Lead back to Home without an account: its page would ask to sign in. */
export function showBackLink() {
  if (hasSignedIn()) return;
  const back = byId<"a">("back");
  back.setAttribute("href", "/");
  back.textContent = t("back-home");
}
