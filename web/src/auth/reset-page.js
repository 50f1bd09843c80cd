/**
 * Password reset page: request a link, or choose a new password by the link.
 * @module
 */

import "../ui/language-menu.js";
import "../ui/site-header.js";
import { byId } from "../ui/dom.js";
import { showStrength, keepSearch, callAuth, onSubmit, takeLinkToken, connectPasswordToggle, tenantOf } from "../ui/forms.js";
import { forget } from "../api/credentials.js";
import { t } from "../i18n/l10n.js";

const secret = takeLinkToken();

/** @param {HTMLFormElement} form @param {string} words */
function done(form, words) {
  form.hidden = true;
  byId("done").textContent = words;
  byId("title").focus();
}

byId(secret ? "choosing" : "asking").hidden = false;
keepSearch("to-sign-in");
connectPasswordToggle(byId("show"), byId("password"));
showStrength(byId("password"), byId("strength"), () => ({}));
onSubmit(byId("asking"), async () => {
  await callAuth("forgot-password", { email: byId("email").value });
  done(byId("asking"), t("reset-sent"));
});
onSubmit(byId("choosing"), async () => {
  await callAuth("reset-password", { token: secret, password: byId("password").value }, tenantOf(secret ?? ""));
  forget();
  done(byId("choosing"), t("reset-done"));
});
