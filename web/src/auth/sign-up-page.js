/**
 * Sign-up page. It does not reveal whether an address already has an account.
 * @module
 */

import "../ui/language-menu.js";
import "../ui/site-header.js";
import { byId } from "../ui/dom.js";
import { showStrength, keepSearch, callAuth, offerProviders, onSubmit, connectPasswordToggle, showError } from "../ui/forms.js";
import { localeOf } from "../i18n/display-settings.js";
import { LANGUAGE, t } from "../i18n/l10n.js";

/** Explanations of join policies under which not everyone may open an account. @type {Record<string, string>} */
const JOINING = {
  closed: t("joining-closed"),
  invitation: t("joining-invitation"),
  domain: t("joining-domain"),
};

function readForm() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const locale = localeOf(LANGUAGE);
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
  document.title = t("page-check-email");
});
byId("again").addEventListener("click", () => {
  callAuth("verification", { email: byId("sent-to").textContent })
    .then(() => { byId("notice").textContent = t("resent"); }).catch(showError);
});
void offerProviders(byId("providers")).then((join) => {
  const words = JOINING[join];
  if (!words) return;
  byId("joining").textContent = words;
  byId("joining").hidden = false;
  byId("form").hidden = join !== "domain";
});
