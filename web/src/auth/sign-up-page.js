/**
 * Sign-up page. It does not reveal whether an address already has an account.
 * @module
 */

import "../ui/site-header.js";
import { byId } from "../ui/dom.js";
import { showStrength, keepSearch, callAuth, offerProviders, onSubmit, connectPasswordToggle, showError } from "../ui/forms.js";

/** Explanations of join policies under which not everyone may open an account. */
const JOINING = {
  closed: "This organisation does not accept new accounts.",
  invitation: "Accounts are by invitation only. Ask an administrator of your organisation to invite you.",
  domain: "Use the e-mail address of your organisation. Others need an invitation.",
};

function readForm() {
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
  const username = byId("username").value.trim();
  return { email: byId("email").value, password: byId("password").value, timeZone, locale, ...(username && { username }) };
}

keepSearch("to-sign-in");
connectPasswordToggle(byId("show"), byId("password"));
showStrength(byId("password"), byId("strength"), () => ({ email: byId("email").value, username: byId("username").value }));
onSubmit(byId("form"), async () => {
  const form = readForm();
  await callAuth("register", form);
  byId("sent-to").textContent = form.email;
  byId("password").value = "";
  byId("asking").hidden = true;
  byId("sent").hidden = false;
  byId("sent-title").focus();
  document.title = "Check your e-mail · Kinelog";
});
byId("again").addEventListener("click", () => {
  callAuth("verification", { email: byId("sent-to").textContent })
    .then(() => { byId("notice").textContent = "We have sent the e-mail again."; }).catch(showError);
});
void offerProviders(byId("providers")).then((join) => {
  const words = JOINING[join];
  if (!words) return;
  byId("joining").textContent = words;
  byId("joining").hidden = false;
  byId("form").hidden = join !== "domain";
});
