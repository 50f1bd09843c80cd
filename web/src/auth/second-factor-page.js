/**
 * Second-factor page: confirms a sign-in, or adds the first second factor, then continues.
 * @module
 */

import "../ui/site-header.js";
import { request, send } from "../api/client.js";
import { byId, h, uniqueKey } from "../ui/dom.js";
import { onSubmit, showError } from "../ui/forms.js";
import { signInAgainAdvice } from "./sign-in-again.js";
import { forget, keep, safeReturn } from "../api/credentials.js";

const FACTORS = "/v1/auth/second-factors";

function target() {
  return safeReturn(new URLSearchParams(location.search).get("return_to"));
}

/** @param {string} id */
function show(id) {
  for (const each of ["confirming", "adding", "done"]) byId(each).hidden = each !== id;
  byId(id).querySelector("h1").focus();
}

/** @param {string[]} codes shown once */
function finish(codes) {
  if (!codes.length) { location.replace(target()); return; }
  byId("codes").replaceChildren(...codes.map((code) => h("li", null, h("code", null, code))));
  byId("go").href = target();
  show("done");
}

let appId = "";

/** The last code of the app. It keeps its key, so that it is accepted again if the answer was lost. */
let attempt = { code: "", key: "" };

async function addApp() {
  const { id, secret, qrCode } = await send("POST", `${FACTORS}/app`);
  appId = id;
  byId("qr").src = qrCode;
  byId("secret").textContent = secret.match(/.{1,4}/g).join(" ");
  byId("add-app").hidden = true;
  byId("app").hidden = false;
  byId("app-code").focus();
}

async function signOut() {
  await send("POST", "/v1/auth/logout");
  forget();
  location.assign("/sign_in.html");
}

onSubmit(byId("confirm-form"), async () => {
  keep(await send("POST", `${FACTORS}/confirmation`, { code: byId("code").value }));
  location.replace(target());
});
onSubmit(byId("app-form"), async () => {
  const code = byId("app-code").value;
  if (code !== attempt.code) attempt = { code, key: uniqueKey() };
  const added = await send("POST", `${FACTORS}/app/${encodeURIComponent(appId)}/confirmation`, { code }, { "Idempotency-Key": attempt.key });
  keep(added);
  finish(added.recoveryCodes);
});
byId("add-app").addEventListener("click", () => { addApp().catch((error) => showError(error, signInAgainAdvice(error))); });
byId("sign-out").addEventListener("click", (event) => {
  event.preventDefault();
  signOut().catch(showError);
});
request(FACTORS).then(({ items }) => show(items.length ? "confirming" : "adding")).catch(showError);
