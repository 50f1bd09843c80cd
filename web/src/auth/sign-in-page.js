/**
 * Sign-in page.
 * @module
 */

import "../ui/language-menu.js";
import "../ui/site-header.js";
import { request } from "../api/client.js";
import { clearProblem } from "../ui/banner.js";
import { byId } from "../ui/dom.js";
import { keepSearch, callAuth, offerProviders, onSubmit, connectPasswordToggle, showError } from "../ui/forms.js";
import { showReturnProblem } from "./oauth-return.js";
import { showWithPasskeys, signInWithPasskey } from "./passkeys.js";
import { keep, renew, safeReturn } from "../api/credentials.js";
import { t } from "../i18n/l10n.js";

function goOn() {
  location.replace(safeReturn(new URLSearchParams(location.search).get("return_to")));
}

/** @param {any} error */
function refused(error) {
  if (error.code === "auth.sign_in_refused") { showError(error, { advice: t("check-both") }); return; }
  if (error.code !== "auth.email_unverified") { showError(error); return; }
  showError(error, { action: t("resend-email"), onAction: () => void sendAgain().catch(showError) });
}

async function sendAgain() {
  await callAuth("verification", { email: byId("email").value });
  byId("notice").textContent = t("resent-open");
}

showReturnProblem(t("not-signed-in"));
keepSearch("to-reset", "to-sign-up");
connectPasswordToggle(byId("show"), byId("password"));
onSubmit(byId("form"), async () => {
  const tokens = await callAuth("login?mode=cookie", { email: byId("email").value, password: byId("password").value });
  keep(tokens);
  if (tokens.assurance === "full") goOn();
  else location.replace(`/second_factor.html${location.search}`);
}, refused);
byId("passkey").addEventListener("click", () => {
  clearProblem();
  signInWithPasskey().then((tokens) => { keep(tokens); goOn(); }).catch(showError);
});
showWithPasskeys(byId("passkey"));
void offerProviders(byId("providers"));

// After returning from a provider, or if already signed in, continue at once.
request("/v1/auth/session").then(async ({ user }) => { if (user && await renew()) goOn(); }).catch(showError);
