/**
 * Coming back from a provider's page without what one went there for.
 * @module
 */

import { showProblem } from "../ui/banner.js";

/** What a provider's page, or the way there and back, can end with. */
const PROBLEMS = {
  "auth.sign_in_cancelled": "It was cancelled at the provider's page.",
  "auth.provider_email_unverified": "The provider has not verified your e-mail address. Verify it there, or sign in with a password.",
  "auth.provider_unavailable": "The provider cannot be asked just now.",
  "auth.flow_refused": "That took too long, or began in another browser.",
  "auth.identity_taken": "Whom you signed in as there has another account here.",
  "auth.account_suspended": "An administrator has suspended this account; ask them.",
  "user.provider_already_linked": "Somebody else of this provider is linked already. Unlink them first.",
};

/** Tell why; the code is not left in the address. @param {string} title what has not been done */
export function tellReturn(title) {
  const asked = new URLSearchParams(location.search);
  const code = asked.get("signInProblem");
  if (!code) return;
  asked.delete("signInProblem");
  history.replaceState(null, "", `${location.pathname}${asked.size ? `?${asked}` : ""}`);
  showProblem({ title, detail: PROBLEMS[code] ?? "The provider did not say who you are." }, { advice: "Try again, or choose another way." });
}
