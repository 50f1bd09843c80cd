/**
 * Forms with optimistic concurrency: a change made elsewhere is never overwritten unseen (ETag, If-Match).
 * @module
 */

import { answer } from "../api/client.js";
import { announce, byId, uniqueKey } from "../ui/dom.js";
import { onSubmit, tell } from "../ui/forms.js";

/**
 * @template T
 * @typedef {object} Kept
 * @property {string} form ID of the form; its status element is `<form>-kept`
 * @property {string} path endpoint that supports GET and PUT with an `ETag`
 * @property {(known: T) => void} show fill the fields
 * @property {(known: T) => T} read read the fields; values without a field stay as loaded
 * @property {string} kept message after saving
 * @property {string} now message after reloading
 */

/**
 * Load the values into the form and save changes.
 * @template T
 * @param {Kept<T>} what
 */
export async function showKept({ form, path, show, read, kept, now }) {
  /** @type {{known: T, tag: string | null}} */
  let seen;

  /** @param {Response} response */
  async function take(response) {
    seen = { known: await response.json(), tag: response.headers.get("ETag") };
    show(seen.known);
  }

  async function put() {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": uniqueKey(), ...(seen.tag && { "If-Match": seen.tag }) };
    await take(await answer(path, { method: "PUT", headers, body: JSON.stringify(read(seen.known)) }));
    byId(`${form}-kept`).textContent = kept;
  }

  /** @param {any} error */
  function refused(error) {
    if (error.status !== 412) { tell(error); return; }
    tell(error, { kept: "Your change was not saved.", action: "Show current values", onAction: () => void load().then(() => announce(now)).catch(tell) });
  }

  const load = async () => take(await answer(path));

  await load();
  byId(form).addEventListener("input", () => { byId(`${form}-kept`).textContent = ""; });
  onSubmit(byId(form), put, refused);
}
