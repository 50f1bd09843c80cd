/**
 * Second factors of the account page: authenticator app, passkeys, recovery codes.
 * @module
 */

import { request, send } from "../api/client.js";
import { byId, h, uniqueKey } from "../ui/dom.js";
import { showError } from "../ui/forms.js";
import { signInAgainAdvice } from "../auth/sign-in-again.js";
import { moment } from "../i18n/format.js";

const FACTORS = "/v1/auth/second-factors";
const NAMES = { totp: "Authenticator app", passkey: "Passkey" };

/** @param {unknown} error */
function refused(error) {
  showError(error, signInAgainAdvice(error));
}

/** @param {string} id */
async function remove(id) {
  await request(`${FACTORS}/${encodeURIComponent(id)}`, { method: "DELETE", headers: { "Idempotency-Key": uniqueKey() } });
  await list();
  byId("factors-title").focus(); // the focused button is gone
}

/** @param {{id: string, kind: string, name: string | null, addedAt: string}} factor */
function line({ id, kind, name, addedAt }) {
  const label = name ? `${NAMES[kind]} “${name}”` : NAMES[kind];
  const removed = name ? `passkey “${name}”` : NAMES[kind].toLowerCase();
  return h("li", null, h("span", null, `${label}, added ${moment(addedAt).textContent}`),
    h("button", { class: "button", type: "button", "aria-label": `Remove ${removed}`, onclick: () => void remove(id).catch(refused) }, "Remove"));
}

async function list() {
  const { items, recoveryCodes } = await request(FACTORS);
  byId("factors").replaceChildren(...items.map(line));
  byId("factors-none").hidden = items.length > 0;
  byId("codes-left").textContent = items.length ? `${recoveryCodes} recovery codes left` : "";
  byId("new-codes").hidden = items.length === 0;
}

async function newCodes() {
  const { recoveryCodes } = await send("POST", `${FACTORS}/recovery-codes`);
  byId("recovery-codes").replaceChildren(...recoveryCodes.map((code) => h("li", null, h("code", null, code))));
  await list();
  byId("codes-left").textContent = "Save these codes now; they are not shown again. The old ones are void.";
}

/** List the second factors and let the user change them. */
export async function showSecondFactors() {
  byId("new-codes").addEventListener("click", () => void newCodes().catch(refused));
  await list();
}
