/**
 * Second-factor page: confirms a sign-in, or adds the first second factor, then continues.
 * @module
 */

import "../ui/language-menu.ts";
import "../ui/site-header.ts";
import { request, send } from "../api/client.ts";
import { byId, h, uniqueKey } from "../ui/dom.ts";
import { loadOrOffer, onSubmit, showError } from "../ui/forms.ts";
import { addPasskey, confirmWithPasskey, passkeysSupported, showWithPasskeys } from "./passkeys.ts";
import { clearProblem } from "../ui/banner.ts";
import { signInAgainAdvice } from "./sign-in-again.ts";
import { forget, keep, safeReturn } from "../api/credentials.ts";
import { signInPage } from "../api/tenant.ts";
import { t } from "../i18n/l10n.ts";
import { codeOf } from "../api/problem.ts";

const FACTORS = "/v1/auth/second-factors";

function target() {
  return safeReturn(new URLSearchParams(location.search).get("return_to"));
}

function show(id: string) {
  for (const each of ["confirming", "adding", "done"]) byId(each).hidden = each !== id;
  byId(id).querySelector("h1")?.focus();
}

/** @param codes shown once */
function finish(codes: string[]) {
  if (!codes.length) { location.replace(target()); return; }
  byId("codes").replaceChildren(...codes.map((code) => h("li", null, h("code", null, code))));
  byId<"a">("go").href = target();
  show("done");
}

let appId = "";

/** Whether the confirmation is for a factor that the user is adding. */
let continuesAdding = false;

function confirmed(tokens: Parameters<typeof keep>[0]) {
  keep(tokens);
  clearProblem();
  if (continuesAdding) show("adding");
  else location.replace(target());
}

/** Without a recent confirmation, ask for one first. */
function refusedToAdd(error: unknown) {
  continuesAdding = ["auth.confirmation_required", "auth.second_factor_required"].includes(codeOf(error));
  if (continuesAdding) show("confirming");
  else showError(error, signInAgainAdvice(error));
}

/** The last code of the app. It keeps its key, so that it is accepted again if the answer was lost. */
let attempt = { code: "", key: "" };

async function addApp() {
  const { id, secret, qrCode } = await send("POST", `${FACTORS}/app`);
  appId = id;
  byId<"img">("qr").src = qrCode;
  byId("secret").textContent = (secret.match(/.{1,4}/g) ?? []).join(" ");
  byId("add-app").hidden = true;
  byId("passkey-form").hidden = true;
  byId("app").hidden = false;
  byId("app-code").focus();
}

async function signOut() {
  await send("POST", "/v1/auth/logout");
  forget();
  location.assign(signInPage());
}

onSubmit(byId<"form">("confirm-form"), async () => {
  confirmed(await send("POST", `${FACTORS}/confirmation`, { code: byId<"input">("code").value }));
});
onSubmit(byId<"form">("app-form"), async () => {
  const code = byId<"input">("app-code").value;
  if (code !== attempt.code) attempt = { code, key: uniqueKey() };
  const added = await send("POST", `${FACTORS}/app/${encodeURIComponent(appId)}/confirmation`, { code }, { "Idempotency-Key": attempt.key });
  keep(added);
  finish(added.recoveryCodes);
});
onSubmit(byId<"form">("passkey-form"), async () => {
  const added = await addPasskey(byId<"input">("passkey-name").value.trim());
  keep(added);
  finish(added.recoveryCodes);
}, refusedToAdd);
byId("confirm-passkey").addEventListener("click", () => {
  clearProblem();
  confirmWithPasskey().then(confirmed).catch(showError);
});
byId("add-app").addEventListener("click", () => { addApp().catch(refusedToAdd); });
byId("sign-out").addEventListener("click", (event: Event) => {
  event.preventDefault();
  signOut().catch(showError);
});

/** @param items the second factors of the user */
function begin(items: {kind: string}[]) {
  const has = (kind: string) => items.some((each) => each.kind === kind);
  byId("confirm-passkey").hidden = !(has("passkey") && passkeysSupported());
  byId("code-hint").textContent = has("totp") ? t("code-hint") : t("code-hint-recovery");
  byId("add-app").hidden = has("totp");
  showWithPasskeys(byId<"form">("passkey-form"));
  const adds = items.length === 0 || new URLSearchParams(location.search).has("add");
  show(adds ? "adding" : "confirming");
}

loadOrOffer(async () => begin((await request(FACTORS)).items));
