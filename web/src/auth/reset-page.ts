/**
 * Password reset page: request a link, or choose a new password by the link.
 * @module
 */

import "../ui/language-menu.ts";
import "../ui/site-header.ts";
import { byId } from "../ui/dom.ts";
import { showStrength, keepSearch, callAuth, onSubmit, takeLinkToken, connectPasswordToggle, tenantOf } from "../ui/forms.ts";
import { forget } from "../api/credentials.ts";
import { t } from "../i18n/l10n.ts";

const secret = takeLinkToken();

function done(form: HTMLFormElement, words: string) {
  form.hidden = true;
  byId("done").textContent = words;
  byId("title").focus();
}

byId(secret ? "choosing" : "asking").hidden = false;
if (secret) byId<"a">("to-sign-in").search = `?${new URLSearchParams({ tenant: tenantOf(secret) })}`;
else keepSearch("to-sign-in");
connectPasswordToggle(byId<"input">("show"), byId<"input">("password"));
showStrength(byId<"input">("password"), byId("strength"), () => ({}));
onSubmit(byId<"form">("asking"), async () => {
  await callAuth("forgot-password", { email: byId<"input">("email").value });
  done(byId<"form">("asking"), t("reset-sent"));
});
onSubmit(byId<"form">("choosing"), async () => {
  await callAuth("reset-password", { token: secret ?? "", password: byId<"input">("password").value }, tenantOf(secret ?? ""));
  forget();
  done(byId<"form">("choosing"), t("reset-done"));
});
