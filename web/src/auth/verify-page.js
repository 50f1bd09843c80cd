/**
 * The link of the first message: it confirms the address, and signs in.
 * @module
 */

import "../ui/site-header.js";
import { byId } from "../ui/dom.js";
import { knock, onSubmit, secretOfLink, tell, tenantOf } from "../ui/forms.js";
import { keep } from "../api/credentials.js";

async function confirm() {
  const secret = secretOfLink();
  if (!secret) { offerAnother("There is no link here. Open the one in the message that was sent to you."); return; }
  try {
    keep(await knock("verify-email?mode=cookie", { token: secret }, tenantOf(secret)));
    byId("said").textContent = "Your address is confirmed, and you are signed in.";
    byId("go").hidden = false;
  } catch (error) {
    if (error.code !== "auth.link_refused") tell(error);
    offerAnother("This link leads nowhere: it was used, or is older than a day.");
  }
}

/** @param {string} why */
function offerAnother(why) {
  byId("said").textContent = why;
  byId("form").hidden = false;
}

onSubmit(byId("form"), async () => {
  await knock("verification", { email: byId("email").value });
  byId("said").textContent = "If this address waits for it, another message is on its way.";
});
void confirm();
