/**
 * Second factors of the account page: authenticator app, passkeys, recovery codes.
 * @module
 */

import { request, send, type Schemas } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import { once } from "../ui/questions.ts";
import { byId, h, uniqueKey } from "../ui/dom.ts";
import { onEscape } from "../ui/escape-key.ts";
import { onSubmit, showError } from "../ui/forms.ts";
import { latest } from "../ui/latest.ts";
import { signInAgainAdvice } from "../auth/sign-in-again.ts";
import { moment } from "../i18n/format.ts";
import { fieldAttributes } from "../ui/schema-fields.ts";
import { t } from "../i18n/l10n.ts";

type Factor = Schemas["SecondFactorBody"];

const FACTORS = "/v1/auth/second-factors";
const NAMES: Record<string, string> = { totp: t("factor-app"), passkey: t("factor-passkey") };

function refused(error: unknown) {
  showError(error, signInAgainAdvice(error));
}

/** @param key idempotency key of the row, so that a retry after a lost answer is accepted */
async function remove(id: string, key: string) {
  await request(`${FACTORS}/${encodeURIComponent(id)}`, { method: "DELETE", headers: { "Idempotency-Key": key } });
  await list();
  byId("factors-title").focus(); // the focused button is gone
}

async function rename(id: string, body: {name: string}, key: RetryKey) {
  await send("PATCH", `${FACTORS}/passkeys/${encodeURIComponent(id)}`, body, key.headers(body));
  await list();
}

/** A button that becomes a form with the name; Escape brings the button back. */
function renaming(id: string, name: string) {
  const field = h("input", { ...fieldAttributes("RenamedPasskey.name"), id: `name-${id}`, type: "text", value: name, "aria-label": t("passkey-name") });
  const key = new RetryKey();
  const form = h("form", { class: "rename-passkey", hidden: true }, field, h("button", { class: "button", type: "submit" }, t("save-name")));
  const close = () => {
    form.reset();
    form.hidden = true;
    open.hidden = false;
  };
  onSubmit(form, async () => {
    await rename(id, { name: field.value.trim() }, key);
    close(); // the row stays if the name is the old one
    byId("factors-title").focus();
  }, refused);
  const open = h("button", { class: "button", type: "button", "aria-label": t("passkey-rename", { name }), onclick: () => {
    open.hidden = true;
    form.hidden = false;
    field.select();
  } }, t("rename"));
  onEscape(form, () => {
    close();
    open.focus();
  });
  return [open, form];
}

function line({ id, kind, name, addedAt }: Factor) {
  const label = name ? t("factor-named", { factor: NAMES[kind], name }) : NAMES[kind];
  const removed = name ? t("passkey-remove", { name }) : t("factor-remove", { factor: NAMES[kind].toLowerCase() });
  const key = uniqueKey();
  const button = h("button", { class: "button", type: "button", "aria-label": removed, onclick: () => void once(button, () => remove(id, key), refused) }, t("remove"));
  return h("li", null, h("span", null, t("factor-added", { factor: label, moment: moment(addedAt).textContent })),
    kind === "passkey" && renaming(id, name ?? ""), button);
}

/** The rows, by their factors. */
let rows: Map<string, HTMLElement> = new Map();

/** Show factors; the rows of those that are unchanged stay in place, with the names that are half typed and the focus. */
function showRows(items: Factor[]) {
  const before = rows;
  rows = new Map(items.map((factor) => {
    const text = JSON.stringify(factor);
    return [text, before.get(text) ?? line(factor)];
  }));
  for (const [text, row] of before) if (!rows.has(text)) row.remove();
  [...rows.values()].forEach((row, place) => {
    const { children } = byId("factors");
    if (children[place] !== row) byId("factors").insertBefore(row, children[place] ?? null);
  });
}

const list = latest(() => request(FACTORS), ({ items, recoveryCodes }) => {
  showRows(items);
  byId("factors-none").hidden = items.length > 0;
  byId("codes-left").textContent = items.length ? t("codes-left", { count: recoveryCodes }) : "";
  byId("new-codes").hidden = items.length === 0;
  if (items.length === 0) byId("recovery-codes").replaceChildren(); // they were deleted with the last factor
});

async function newCodes() {
  const { recoveryCodes } = await send("POST", `${FACTORS}/recovery-codes`);
  byId("recovery-codes").replaceChildren(...recoveryCodes.map((code: string) => h("li", null, h("code", null, code))));
  await list();
  if (byId("factors").children.length) byId("codes-left").textContent = t("codes-save-now");
}

/** List the second factors and let the user change them. */
export async function showSecondFactors() {
  const replace = byId("new-codes");
  replace.addEventListener("click", () => void once(replace, newCodes, refused)); // a second press would void the codes that are shown
  await list();
}
