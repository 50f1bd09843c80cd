/**
 * E-mail verification page: confirms the address and signs the user in.
 * @module
 */

import "../ui/site-header.js";
import { byId } from "../ui/dom.js";
import { callAuth, onSubmit, takeLinkToken, showError, tenantOf } from "../ui/forms.js";
import { keep } from "../api/credentials.js";

async function confirm() {
  const secret = takeLinkToken();
  if (!secret) { offerAnother("This address is incomplete. Open the link in the e-mail that we sent to you."); return; }
  try {
    keep(await callAuth("verify-email?mode=cookie", { token: secret }, tenantOf(secret)));
    byId("message").textContent = "Your address is confirmed and you are signed in.";
    byId("go").hidden = false;
  } catch (error) {
    if (error.code !== "auth.link_refused") showError(error);
    offerAnother("This link has already been used or has expired.");
  }
}

/** @param {string} why */
function offerAnother(why) {
  byId("message").textContent = why;
  byId("form").hidden = false;
}

onSubmit(byId("form"), async () => {
  await callAuth("verification", { email: byId("email").value });
  byId("message").textContent = "If this address is waiting for confirmation, we have sent another link.";
});
void confirm();
