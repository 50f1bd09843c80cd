/**
 * Page to unsubscribe from e-mails by the link in one of them, without signing in.
 * @module
 */

import "../ui/language-menu.ts";
import "../ui/site-header.ts";
import { send } from "../api/client.ts";
import { t } from "../i18n/l10n.ts";
import { byId } from "../ui/dom.ts";
import { onSubmit, showError, takeLinkToken } from "../ui/forms.ts";
import { codeOf } from "../api/problem.ts";

const secret = takeLinkToken();

function finish(words: string) {
  byId("form").hidden = true;
  byId("message").textContent = words;
  byId("title").focus();
}

async function unsubscribe() {
  await send("POST", `/v1/emails/unsubscribe?${new URLSearchParams({ token: secret ?? "" })}`, {}, {}, fetch);
  finish(t("unsubscribed"));
}

function refused(error: unknown) {
  if (codeOf(error) === "email.link_refused") finish(t("unsubscribe-refused"));
  else showError(error);
}

byId("message").textContent = t(secret ? "unsubscribe-what" : "link-incomplete");
byId("form").hidden = !secret;
onSubmit(byId<"form">("form"), unsubscribe, refused);
