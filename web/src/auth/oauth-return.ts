/**
 * Problems on returning from a sign-in provider.
 * @module
 */

import { showProblem } from "../ui/banner.ts";
import { t } from "../i18n/l10n.ts";

/** Explanations by problem code. */
const PROBLEMS: Record<string, string> = {
  "auth.sign_in_cancelled": t("provider-cancelled"),
  "auth.provider_email_unverified": t("provider-email-unverified"),
  "auth.account_exists": t("provider-account-exists"),
  "auth.provider_domain_refused": t("provider-domain-refused"),
  "auth.provider_unknown": t("provider-unknown"),
  "tenant.joining_refused": t("provider-joining-refused"),
  "auth.provider_unavailable": t("provider-unavailable"),
  "auth.flow_refused": t("provider-flow-refused"),
  "auth.identity_taken": t("provider-identity-taken"),
  "auth.account_suspended": t("provider-suspended"),
  "user.provider_already_linked": t("provider-already-linked"),
};

/** Show the problem in the URL, if any, and remove it from the URL. @param title what has failed */
export function showReturnProblem(title: string) {
  const parameters = new URLSearchParams(location.search);
  const code = parameters.get("signInProblem");
  if (!code) return;
  parameters.delete("signInProblem");
  history.replaceState(null, "", `${location.pathname}${parameters.size ? `?${parameters}` : ""}`);
  showProblem({ title, detail: PROBLEMS[code] ?? t("provider-not-confirmed") }, { advice: t("provider-advice") });
}
