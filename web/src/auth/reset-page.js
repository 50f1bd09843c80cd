/**
 * A new password: asking for the link, and choosing the password where it leads.
 * @module
 */

import "../ui/site-header.js";
import { byId } from "../ui/dom.js";
import { judged, keepAddress, knock, onSubmit, secretOfLink, showable, tenantOf } from "../ui/forms.js";
import { forget } from "../api/credentials.js";

const secret = secretOfLink();

/** @param {HTMLFormElement} form @param {string} words */
function done(form, words) {
  form.hidden = true;
  byId("done").textContent = words;
  byId("title").focus();
}

byId(secret ? "choosing" : "asking").hidden = false;
keepAddress("to-sign-in");
showable(byId("show"), byId("password"));
judged(byId("password"), byId("strength"), () => ({}));
onSubmit(byId("asking"), async () => {
  await knock("forgot-password", { email: byId("email").value });
  done(byId("asking"), "If there is an account with this address, the link is on its way. It works once, for an hour.");
});
onSubmit(byId("choosing"), async () => {
  await knock("reset-password", { token: secret, password: byId("password").value }, tenantOf(secret ?? ""));
  forget();
  done(byId("choosing"), "This is your password from now on. Every device has been signed out.");
});
