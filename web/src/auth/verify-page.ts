/**
 * E-mail verification page: shows the address of the link; a click confirms it and signs the user in.
 * @module
 */

import "../ui/language-menu.ts";
import "../ui/site-header.ts";
import { byId } from "../ui/dom.ts";
import { callAuth, connectPasswordToggle, onSubmit, takeLinkToken, showError, tenantOf } from "../ui/forms.ts";
import { keep } from "../api/credentials.ts";
import { t } from "../i18n/l10n.ts";
import { codeOf, Problem } from "../api/problem.ts";

const secret = takeLinkToken();
const CONFIRMED = t("address-confirmed-already");

/** Tenant in which another link is sent: that of this link, if it exists. */
let sender = secret ? tenantOf(secret) : undefined;

/** Ask for the click, and what else the server needs to know. */
async function showLink() {
  if (!secret) { offerAnother(t("link-incomplete")); return; }
  try {
    const { email, needsPassword, signedInAs } = await callAuth("verification-link", { token: secret }, tenantOf(secret));
    byId("message").textContent = t("is-this-your-address");
    byId("address").textContent = email;
    byId<"input">("confirm-username").value = email;
    byId("password-field").hidden = !needsPassword;
    byId<"input">("password").required = needsPassword;
    byId("other").hidden = !signedInAs;
    byId("other").textContent = t("signed-in-as-other", { user: signedInAs });
    byId("confirm").textContent = signedInAs ? t("confirm-and-switch") : t("confirm-this-address");
    byId("confirm-form").dataset.replaces = String(Boolean(signedInAs));
    byId("confirm-form").hidden = false;
  } catch (error) {
    if (error instanceof Problem && error.isTemporary) tryAgain(error);
    else showFailure(error);
  }
}

/** Offer to ask the server again: the link is no longer in the address, so that reloading the page does not help. */
function tryAgain(error: Problem) {
  byId("message").textContent = "";
  showError(error, { kept: undefined, action: t("try-again"), onAction: () => { byId("message").textContent = t("reading-link"); void showLink(); } });
}

async function confirm() {
  const password = byId<"input">("password").value;
  const replaceSignIn = byId("confirm-form").dataset.replaces === "true";
  keep(await callAuth("verify-email?mode=cookie", { token: secret ?? "", replaceSignIn, ...(password && { password }) }, tenantOf(secret ?? "")));
  finish(t("address-confirmed"), "go");
}

/** @param next ID of the link to continue with */
function finish(words: string, next: string) {
  byId("confirm-form").hidden = true;
  byId("form").hidden = true;
  byId("message").textContent = words;
  byId(next).hidden = false;
  byId("title").focus();
}

function showFailure(error: unknown) {
  if (codeOf(error) === "auth.email_already_verified") {
    byId<"a">("sign-in").search = `?${new URLSearchParams({ tenant: tenantOf(secret ?? "") })}`;
    finish(CONFIRMED, "sign-in");
  }
  else if (codeOf(error) === "auth.link_refused") offerAnother(t("link-not-valid"));
  else if (codeOf(error) === "tenant.unknown" || codeOf(error) === "request.invalid") { sender = undefined; offerAnother(t("link-not-valid")); }
  else if (codeOf(error) === "auth.password_needed" || codeOf(error) === "auth.signed_in_as_another") void showLink();
  else showError(error);
}

function offerAnother(why: string) {
  byId("confirm-form").hidden = true;
  byId("message").textContent = why;
  byId("form").hidden = false;
}

connectPasswordToggle(byId<"input">("show"), byId<"input">("password"));
onSubmit(byId<"form">("confirm-form"), confirm, showFailure);
onSubmit(byId<"form">("form"), async () => {
  await callAuth("verification", { email: byId<"input">("email").value }, sender);
  byId("message").textContent = t("link-sent-if-waiting");
});
void showLink();
