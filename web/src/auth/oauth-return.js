/**
 * Problems on returning from a sign-in provider.
 * @module
 */

import { showProblem } from "../ui/banner.js";

/** Explanations by problem code. */
const PROBLEMS = {
  "auth.sign_in_cancelled": "You canceled at the provider.",
  "auth.provider_email_unverified": "The provider has not verified your e-mail address. Verify it there, or sign in with a password.",
  "auth.account_exists": "Your address already has an account here. Sign in to it as usual, then link this provider on your account page.",
  "auth.provider_domain_refused": "This provider may not sign in people with your e-mail domain.",
  "auth.provider_unknown": "Your organisation does not use this provider.",
  "tenant.joining_refused": "You cannot open an account here. Ask an administrator of your organisation to invite you.",
  "auth.provider_unavailable": "The provider is not available at the moment.",
  "auth.flow_refused": "Signing in took too long, or was started in another browser.",
  "auth.identity_taken": "That identity is linked to another account here.",
  "auth.account_suspended": "This account is suspended. Ask your administrator.",
  "user.provider_already_linked": "Another identity of this provider is already linked. Unlink it first.",
};

/** Show the problem in the URL, if any, and remove it from the URL. @param {string} title what has failed */
export function showReturnProblem(title) {
  const parameters = new URLSearchParams(location.search);
  const code = parameters.get("signInProblem");
  if (!code) return;
  parameters.delete("signInProblem");
  history.replaceState(null, "", `${location.pathname}${parameters.size ? `?${parameters}` : ""}`);
  showProblem({ title, detail: PROBLEMS[code] ?? "The provider did not confirm your identity." }, { advice: "Try again, or use another sign-in method." });
}
