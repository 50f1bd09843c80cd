/**
 * Sign-up page. It does not reveal whether an address already has an account.
 * @module
 */

import "../ui/language-menu.ts";
import "../ui/site-header.ts";
import { byId } from "../ui/dom.ts";
import { showStrength, keepSearch, callAuth, offerProviders, onSubmit, connectPasswordToggle, showError } from "../ui/forms.ts";
import { localeOf } from "../i18n/display-settings.ts";
import { LANGUAGE, t } from "../i18n/l10n.ts";

/** Explanations of join policies under which not everyone may open an account. */
const JOINING: Record<string, string> = {
  closed: t("joining-closed"),
  invitation: t("joining-invitation"),
  domain: t("joining-domain"),
};

function readForm() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const locale = localeOf(LANGUAGE);
  const username = byId<"input">("username").value.trim();
  return { email: byId<"input">("email").value, password: byId<"input">("password").value, timeZone, locale, ...(username && { username }) };
}

keepSearch("to-sign-in");
connectPasswordToggle(byId<"input">("show"), byId<"input">("password"));
showStrength(byId<"input">("password"), byId("strength"), () => ({ email: byId<"input">("email").value, username: byId<"input">("username").value }));
onSubmit(byId<"form">("form"), async () => {
  const form = readForm();
  await callAuth("register", form);
  byId("sent-to").textContent = form.email;
  byId<"input">("password").value = "";
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
  const words = join && JOINING[join];
  if (!words) return;
  byId("joining").textContent = words;
  byId("joining").hidden = false;
  byId("form").hidden = join !== "domain";
});
