/**
 * Page to unsubscribe from e-mails by the link in one of them, without signing in.
 * @module
 */

import "../ui/language-menu.js";
import "../ui/site-header.js";
import { send } from "../api/client.js";
import { t } from "../i18n/l10n.js";
import { byId } from "../ui/dom.js";
import { onSubmit, showError, takeLinkToken } from "../ui/forms.js";

const secret = takeLinkToken();

/** @param {string} words */
function finish(words) {
  byId("form").hidden = true;
  byId("message").textContent = words;
  byId("title").focus();
}

async function unsubscribe() {
  await send("POST", `/v1/emails/unsubscribe?${new URLSearchParams({ token: secret ?? "" })}`, {}, {}, fetch);
  finish(t("unsubscribed"));
}

/** @param {any} error */
function refused(error) {
  if (error.code === "email.link_refused") finish(t("unsubscribe-refused"));
  else showError(error);
}

byId("message").textContent = t(secret ? "unsubscribe-what" : "link-incomplete");
byId("form").hidden = !secret;
onSubmit(byId("form"), unsubscribe, refused);
