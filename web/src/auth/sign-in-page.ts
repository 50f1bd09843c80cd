/**
 * Sign-in page.
 * @module
 */

import "../ui/language-menu.ts";
import "../ui/site-header.ts";
import { request } from "../api/client.ts";
import { clearProblem } from "../ui/banner.ts";
import { byId } from "../ui/dom.ts";
import { keepSearch, callAuth, offerProviders, onSubmit, connectPasswordToggle, showError } from "../ui/forms.ts";
import { showReturnProblem } from "./oauth-return.ts";
import { showWithPasskeys, signInWithPasskey } from "./passkeys.ts";
import { hasSignInCookie, isOfAnotherTenant, keep, renew, safeReturn } from "../api/credentials.ts";
import { DEFAULT_TENANT, tenant } from "../api/tenant.ts";
import { useAccountStore } from "../stores/account.ts";
import { t } from "../i18n/l10n.ts";
import { codeOf, Problem } from "../api/problem.ts";

function goOn() {
  location.replace(safeReturn(new URLSearchParams(location.search).get("return_to")));
}

/** Keep the tokens of a sign-in. @throws {Problem} if the browser blocks its cookies: the next page would ask to sign in again */
function keepSignIn(tokens: Parameters<typeof keep>[0]) {
  if (!hasSignInCookie()) throw new Problem({ title: t("cookies-blocked"), detail: t("cookies-blocked-advice") });
  keep(tokens);
}

function refused(error: unknown) {
  if (codeOf(error) === "auth.sign_in_refused") { showError(error, { advice: t("check-both") }); return; }
  if (codeOf(error) !== "auth.email_unverified") { showError(error); return; }
  showError(error, { action: t("resend-email"), onAction: () => void sendAgain().catch(showError) });
}

async function sendAgain() {
  await callAuth("verification", { email: byId<"input">("email").value });
  byId("notice").textContent = t("resent-open");
}

function showOrganization() {
  const of = tenant();
  if (!of || of === DEFAULT_TENANT) return;
  byId("organization-name").textContent = t("sign-in-organization", { organization: of });
  byId("organization").hidden = false;
}

/** Say why a user who is signed in to another organization has to sign in. */
function showOtherOrganization() {
  const current = useAccountStore.get().user?.tenantId ?? "";
  byId("notice").textContent = t("sign-in-other-organization", { organization: tenant(), current });
}

showOrganization();
showReturnProblem(t("not-signed-in"));
keepSearch("to-reset", "to-sign-up");
connectPasswordToggle(byId<"input">("show"), byId<"input">("password"));
onSubmit(byId<"form">("form"), async () => {
  const tokens = await callAuth("login?mode=cookie", { email: byId<"input">("email").value, password: byId<"input">("password").value });
  keepSignIn(tokens);
  if (tokens.assurance === "full") goOn();
  else location.replace(`/second_factor.html${location.search}`);
}, refused);
byId("passkey").addEventListener("click", () => {
  clearProblem();
  signInWithPasskey().then((tokens) => { keepSignIn(tokens); goOn(); }).catch(showError);
});
showWithPasskeys(byId<"button">("passkey"));
void offerProviders(byId("providers"));

// After returning from a provider, or if already signed in to the organization of the URL, continue at once.
request("/v1/auth/session").then(async ({ user }) => {
  if (!user || !await renew()) return;
  if (isOfAnotherTenant()) showOtherOrganization();
  else goOn();
}).catch(showError);
