/**
 * Sign-in methods of the account page: password and linked providers.
 * @module
 */

import { request, send } from "../api/client.ts";
import { byId, h, uniqueKey } from "../ui/dom.ts";
import { showStrength, onSubmit, providerName, showError } from "../ui/forms.ts";
import { forget } from "../api/credentials.ts";
import { signInPage } from "../api/tenant.ts";
import { signInAgainAdvice } from "../auth/sign-in-again.ts";
import { saveWork, workIsUnsaved } from "../ui/unsaved-work.ts";
import { useAccountStore } from "../stores/account.ts";
import { latest } from "../ui/latest.ts";
import { once } from "../ui/questions.ts";
import { t } from "../i18n/l10n.ts";

function refused(error: unknown) {
  showError(error, signInAgainAdvice(error));
}

async function link(name: string) {
  const { location: page } = await send("POST", `/v1/auth/oauth/${encodeURIComponent(name)}/link?returnTo=/account.html`);
  location.assign(page);
}

async function unlink(name: string) {
  await request(`/v1/auth/identities/${encodeURIComponent(name)}`, { method: "DELETE", headers: { "Idempotency-Key": uniqueKey() } });
  await list();
  document.getElementById(`way-${name}`)?.focus(); // the focused button is gone
}

function line(name: string, linked: boolean) {
  const act = linked ? unlink : link;
  const button = h("button", { id: `way-${name}`, class: "button", type: "button", onclick: () => void once(button, () => act(name).catch(refused)) }, t(linked ? "provider-unlink" : "provider-link", { provider: providerName(name) }));
  return h("li", null, t(linked ? "provider-linked" : "provider-unlinked", { provider: providerName(name) }), button);
}

const list = latest(() => Promise.all([request("/v1/auth/identities"), request("/v1/auth/providers")]), ([own, all]) => {
  const names = [...new Set([...own.providers, ...all.providers.map(({ name }: {name: string}) => name)])];
  byId("sign-in-methods").replaceChildren(h("li", null, own.password ? t("password-set") : t("password-not-set")), ...names.map((name) => line(name, own.providers.includes(name))));
  byId("password-form").hidden = !own.password;
});

async function changePassword() {
  const body = { oldPassword: byId<"input">("old").value, newPassword: byId<"input">("password").value };
  await send("POST", "/v1/auth/change-password", body, { "Idempotency-Key": uniqueKey() });
  forget();
}

/** List the sign-in methods and let the user change them. */
export async function showSignInMethods() {
  showStrength(byId<"input">("password"), byId("strength"), () => ({ email: useAccountStore.get().user?.email ?? "" }));
  byId<"input">("whose").value = useAccountStore.get().user?.email ?? ""; // for password managers
  const form = byId<"form">("password-form");
  byId("password").addEventListener("input", () => workIsUnsaved(form)); // browsers fill in the old one by themselves
  onSubmit(form, async () => { await saveWork(form, changePassword); location.assign(signInPage()); });
  await list();
}
