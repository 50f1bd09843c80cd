/**
 * Signing in again, for changes that ask for a recent sign-in.
 * @module
 */

import { send } from "../api/client.ts";
import { forget, signInPath } from "../api/credentials.ts";
import { showError } from "../ui/forms.ts";
import { t } from "../i18n/l10n.ts";
import type { Advice } from "../ui/banner.ts";
import { codeOf } from "../api/problem.ts";

async function signInAgain() {
  const path = signInPath();
  await send("POST", "/v1/auth/logout");
  forget();
  location.assign(path);
}

/** Advice for the banner if a recent sign-in is missing, else none. */
export function signInAgainAdvice(error: unknown): Advice {
  if (codeOf(error) !== "auth.reauthentication_needed") return {};
  return { action: t("sign-in-again"), onAction: () => void signInAgain().catch(showError) };
}
