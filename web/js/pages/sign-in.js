/**
 * Signing in, and on to where one wanted to go.
 * @module
 */

import "../components/site-header.js";
import { request } from "../api.js";
import { showProblem } from "../banner.js";
import { byId } from "../dom.js";
import { keepAddress, knock, offerProviders, onSubmit, showable, tell } from "../forms.js";
import { keep, renew, safeReturn } from "../signing-in.js";

/** What a provider's page, or the way back from it, can end with. */
const PROBLEMS = {
  "auth.sign_in_cancelled": "Signing in was cancelled at the provider's page.",
  "auth.provider_email_unverified": "The provider has not verified your e-mail address. Verify it there, or sign in with a password.",
  "auth.flow_refused": "That took too long, or began in another browser.",
};

const asked = new URLSearchParams(location.search);

function goOn() {
  location.replace(safeReturn(asked.get("return_to")));
}

/** Tell why a provider's way ended without a sign-in; the code is not left in the address. */
function tellReturn() {
  const code = asked.get("signInProblem");
  if (!code) return;
  asked.delete("signInProblem");
  history.replaceState(null, "", `${location.pathname}${asked.size ? `?${asked}` : ""}`);
  showProblem({ title: "You are not signed in.", detail: PROBLEMS[code] ?? "The provider did not say who you are." }, { advice: "Try again, or choose another way." });
}

/** @param {any} error */
function refused(error) {
  if (error.code !== "auth.email_unverified") { tell(error); return; }
  tell(error, { action: "Send the message again", onAction: () => void sendAgain().catch(tell) });
}

async function sendAgain() {
  await knock("verification", { email: byId("email").value });
  byId("notice").textContent = "The message is on its way. Open the link in it.";
}

tellReturn();
keepAddress("to-reset", "to-sign-up");
showable(byId("show"), byId("password"));
onSubmit(byId("form"), async () => {
  keep(await knock("login?mode=cookie", { email: byId("email").value, password: byId("password").value }));
  goOn();
}, refused);
void offerProviders(byId("providers"));

// Whoever comes back from a provider, or has signed in already, goes on at once.
request("/v1/auth/session").then(async ({ user }) => { if (user && await renew()) goOn(); }).catch(tell);
