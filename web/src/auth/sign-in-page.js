/**
 * Sign-in page.
 * @module
 */

import "../ui/site-header.js";
import { request } from "../api/client.js";
import { byId } from "../ui/dom.js";
import { keepAddress, knock, offerProviders, onSubmit, showable, tell } from "../ui/forms.js";
import { tellReturn } from "./oauth-return.js";
import { keep, renew, safeReturn } from "../api/credentials.js";

function goOn() {
  location.replace(safeReturn(new URLSearchParams(location.search).get("return_to")));
}

/** @param {any} error */
function refused(error) {
  if (error.code === "auth.sign_in_refused") { tell(error, { advice: "Check both, or reset your password." }); return; }
  if (error.code !== "auth.email_unverified") { tell(error); return; }
  tell(error, { action: "Resend the e-mail", onAction: () => void sendAgain().catch(tell) });
}

async function sendAgain() {
  await knock("verification", { email: byId("email").value });
  byId("notice").textContent = "We have sent the e-mail again. Open the link in it.";
}

tellReturn("You are not signed in.");
keepAddress("to-reset", "to-sign-up");
showable(byId("show"), byId("password"));
onSubmit(byId("form"), async () => {
  keep(await knock("login?mode=cookie", { email: byId("email").value, password: byId("password").value }));
  goOn();
}, refused);
void offerProviders(byId("providers"));

// After returning from a provider, or if already signed in, continue at once.
request("/v1/auth/session").then(async ({ user }) => { if (user && await renew()) goOn(); }).catch(tell);
