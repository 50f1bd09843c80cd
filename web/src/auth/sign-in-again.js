/**
 * Signing in again, for changes that ask for a recent sign-in.
 * @module
 */

import { send } from "../api/client.js";
import { forget, signInPath } from "../api/credentials.js";
import { showError } from "../ui/forms.js";
import { t } from "../i18n/l10n.js";

async function signInAgain() {
  const path = signInPath();
  await send("POST", "/v1/auth/logout");
  forget();
  location.assign(path);
}

/** Advice for the banner if a recent sign-in is missing, else none. @param {any} error @returns {import("../ui/banner.js").Advice} */
export function signInAgainAdvice(error) {
  if (error.code !== "auth.reauthentication_needed") return {};
  return { action: t("sign-in-again"), onAction: () => void signInAgain().catch(showError) };
}
