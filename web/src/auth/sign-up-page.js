/**
 * Sign-up page. It does not reveal whether an address already has an account.
 * @module
 */

import "../ui/site-header.js";
import { byId } from "../ui/dom.js";
import { judged, keepAddress, knock, offerProviders, onSubmit, showable, tell } from "../ui/forms.js";

function told() {
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
  const username = byId("username").value.trim();
  return { email: byId("email").value, password: byId("password").value, timeZone, locale, ...(username && { username }) };
}

keepAddress("to-sign-in");
showable(byId("show"), byId("password"));
judged(byId("password"), byId("strength"), () => ({ email: byId("email").value, username: byId("username").value }));
onSubmit(byId("form"), async () => {
  const form = told();
  await knock("register", form);
  byId("sent-to").textContent = form.email;
  byId("password").value = "";
  byId("asking").hidden = true;
  byId("sent").hidden = false;
  byId("sent-title").focus();
  document.title = "Check your e-mail · Kinelog";
});
byId("again").addEventListener("click", () => {
  knock("verification", { email: byId("sent-to").textContent })
    .then(() => { byId("notice").textContent = "We have sent the e-mail again."; }).catch(tell);
});
void offerProviders(byId("providers"));
