/**
 * Sign-in methods of the account page: password and linked providers.
 * @module
 */

import { request, send } from "../api/client.ts";
import { mayBeCarriedOut } from "../api/problem.ts";
import { RetryKey } from "../api/retry-key.ts";
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

/** @param key idempotency key of the row, so that a retry after a lost answer is accepted */
async function unlink(name: string, key: string) {
  await request(`/v1/auth/identities/${encodeURIComponent(name)}`, { method: "DELETE", headers: { "Idempotency-Key": key } });
  await list();
  document.getElementById(`way-${name}`)?.focus(); // the focused button is gone
}

function line(name: string, linked: boolean) {
  const key = uniqueKey();
  const act = () => linked ? unlink(name, key) : link(name);
  const button = h("button", { id: `way-${name}`, class: "button", type: "button", onclick: () => void once(button, act, refused) }, t(linked ? "provider-unlink" : "provider-link", { provider: providerName(name) }));
  return h("li", null, t(linked ? "provider-linked" : "provider-unlinked", { provider: providerName(name) }), button);
}

const list = latest(() => Promise.all([request("/v1/auth/identities"), request("/v1/auth/providers")]), ([own, all]) => {
  const names = [...new Set([...own.providers, ...all.providers.map(({ name }: {name: string}) => name)])];
  byId("sign-in-methods").replaceChildren(h("li", null, own.password ? t("password-set") : t("password-not-set")), ...names.map((name) => line(name, own.providers.includes(name))));
  byId("password-form").hidden = !own.password;
});

/** Key of the change of the password: it can be repeated after a lost answer. */
const passwordKey = new RetryKey();

/** Whether the password may have been changed, because the answer was lost. It ends all sign-ins, so a retry is refused. */
let mayBeChanged = false;

function refusedChange(error: unknown) {
  mayBeChanged ||= mayBeCarriedOut(error);
  showError(error, mayBeChanged ? { kept: undefined, advice: t("password-maybe-changed") } : {});
}

async function changePassword() {
  const body = { oldPassword: byId<"input">("old").value, newPassword: byId<"input">("password").value };
  await send("POST", "/v1/auth/change-password", body, passwordKey.headers(body));
  forget();
}

/** List the sign-in methods and let the user change them. */
export async function showSignInMethods() {
  showStrength(byId<"input">("password"), byId("strength"), () => ({ email: useAccountStore.get().user?.email ?? "" }));
  byId<"input">("whose").value = useAccountStore.get().user?.email ?? ""; // for password managers
  const form = byId<"form">("password-form");
  byId("password").addEventListener("input", () => workIsUnsaved(form)); // browsers fill in the old one by themselves
  onSubmit(form, async () => { await saveWork(form, changePassword); location.assign(signInPage()); }, refusedChange);
  await list();
}
