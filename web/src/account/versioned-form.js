/**
 * Forms with optimistic concurrency: a change made elsewhere is never overwritten unseen (ETag, If-Match).
 * @module
 */

import { answer } from "../api/client.js";
import { announce, byId, uniqueKey } from "../ui/dom.js";
import { onSubmit, showError } from "../ui/forms.js";
import { t } from "../i18n/l10n.js";

/**
 * @template T
 * @typedef {object} FormOptions
 * @property {string} form ID of the form; its status element is `<form>-status`
 * @property {string} path endpoint that supports GET and PUT with an `ETag`
 * @property {(value: T) => void} show fill the fields
 * @property {(value: T) => T} read read the fields; values without a field stay as loaded
 * @property {string} kept message after saving
 * @property {string} now message after reloading
 */

/**
 * Load the values into the form and save changes.
 * @template T
 * @param {FormOptions<T>} what
 */
export async function connectVersionedForm({ form, path, show, read, kept, now }) {
  /** @type {{value: T, tag: string | null}} */
  let seen;

  /** @param {Response} response */
  async function take(response) {
    seen = { value: await response.json(), tag: response.headers.get("ETag") };
    show(seen.value);
  }

  async function put() {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": uniqueKey(), ...(seen.tag && { "If-Match": seen.tag }) };
    await take(await answer(path, { method: "PUT", headers, body: JSON.stringify(read(seen.value)) }));
    byId(`${form}-status`).textContent = kept;
  }

  /** @param {any} error */
  function refused(error) {
    if (error.status !== 412) { showError(error); return; }
    showError(error, { kept: t("change-not-saved"), action: t("show-current-values"), onAction: () => void load().then(() => announce(now)).catch(showError) });
  }

  const load = async () => take(await answer(path));

  await load();
  byId(form).addEventListener("input", () => { byId(`${form}-status`).textContent = ""; });
  onSubmit(byId(form), put, refused);
}
